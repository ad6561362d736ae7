-- AlterTable
ALTER TABLE "evaluation" ADD COLUMN "notified_at" TIMESTAMPTZ(3);

-- What a claim ranks: evaluations that may still have something to do.
CREATE INDEX "evaluation_open_idx" ON "evaluation" ("queued_at", "id") WHERE "state" IN ('QUEUED', 'RUNNING');

-- The rate of an evaluation reads its newest rows only.
CREATE INDEX "case_result_evaluation_id_created_at_idx" ON "case_result" ("evaluation_id", "created_at");
