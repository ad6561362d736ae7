-- What watchers of comments compare, whose activity an anchor has, and one map of interference for each question.
ALTER TABLE "comment" ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 1;

ALTER TABLE "activity" ADD COLUMN "anchor_keys" TEXT[] DEFAULT ARRAY[]::TEXT[];
CREATE INDEX "activity_anchor_keys_idx" ON "activity" USING GIN ("anchor_keys");

CREATE UNIQUE INDEX "interference_map_project_id_question_digest_key" ON "interference_map"("project_id", "question_digest");
