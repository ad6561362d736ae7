-- Edits: what was asked, what came of it as factors, the tasks that compute, try and compare them, and the stack of a model.

-- CreateEnum
CREATE TYPE "EditTaskKind" AS ENUM ('COMPUTE', 'PREVIEW', 'TRY', 'DIFF', 'EXPORT');

-- AlterTable
ALTER TABLE "lens_run" ADD COLUMN     "edit_ids" UUID[] DEFAULT ARRAY[]::UUID[];

-- CreateTable
CREATE TABLE "edit" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "name" TEXT,
    "method" TEXT NOT NULL,
    "requests" JSONB NOT NULL,
    "probes" JSONB NOT NULL,
    "hyperparameters" JSONB NOT NULL,
    "seed" INTEGER NOT NULL DEFAULT 0,
    "on_top_of" UUID[],
    "client_mutation_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stack_position" INTEGER,
    "digest" TEXT,
    "skip_reason" TEXT,
    "warnings" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "summary" JSONB,

    CONSTRAINT "edit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "edit_result" (
    "edit_id" UUID NOT NULL,
    "record" JSONB NOT NULL,
    "effect" JSONB NOT NULL,
    "readings" JSONB NOT NULL,
    "growth" JSONB NOT NULL,

    CONSTRAINT "edit_result_pkey" PRIMARY KEY ("edit_id")
);

-- CreateTable
CREATE TABLE "edit_delta" (
    "edit_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "matrix" "MatrixName" NOT NULL,
    "kind" TEXT NOT NULL,
    "rank" INTEGER,
    "input_width" INTEGER NOT NULL,
    "output_width" INTEGER NOT NULL,
    "norm" DOUBLE PRECISION NOT NULL,
    "first" BYTEA NOT NULL,
    "second" BYTEA,
    "bias" BYTEA,

    CONSTRAINT "edit_delta_pkey" PRIMARY KEY ("edit_id","place")
);

-- CreateTable
CREATE TABLE "edit_task" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "edit_id" UUID,
    "kind" "EditTaskKind" NOT NULL,
    "input" JSONB NOT NULL,
    "input_digest" TEXT NOT NULL,
    "state" "RunState" NOT NULL DEFAULT 'QUEUED',
    "stage" TEXT NOT NULL DEFAULT 'queued',
    "done" INTEGER,
    "total" INTEGER,
    "losses" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[],
    "result" JSONB,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "progress_version" INTEGER NOT NULL DEFAULT 1,
    "error" JSONB,
    "lease_owner" TEXT,
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "edit_task_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "edit_project_id_created_at_id_idx" ON "edit"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "edit_model_id_stack_position_idx" ON "edit"("model_id", "stack_position");

-- CreateIndex
CREATE INDEX "edit_on_top_of_idx" ON "edit" USING GIN ("on_top_of");

-- CreateIndex
CREATE UNIQUE INDEX "edit_project_id_author_id_client_mutation_id_key" ON "edit"("project_id", "author_id", "client_mutation_id");

-- CreateIndex
CREATE UNIQUE INDEX "edit_task_edit_id_key" ON "edit_task"("edit_id");

-- CreateIndex
CREATE INDEX "edit_task_project_id_input_digest_idx" ON "edit_task"("project_id", "input_digest");

-- CreateIndex
CREATE INDEX "edit_task_model_id_kind_finished_at_idx" ON "edit_task"("model_id", "kind", "finished_at");

-- AddForeignKey
ALTER TABLE "edit" ADD CONSTRAINT "edit_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit" ADD CONSTRAINT "edit_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit" ADD CONSTRAINT "edit_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_result" ADD CONSTRAINT "edit_result_edit_id_fkey" FOREIGN KEY ("edit_id") REFERENCES "edit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_delta" ADD CONSTRAINT "edit_delta_edit_id_fkey" FOREIGN KEY ("edit_id") REFERENCES "edit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_task" ADD CONSTRAINT "edit_task_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_task" ADD CONSTRAINT "edit_task_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_task" ADD CONSTRAINT "edit_task_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_task" ADD CONSTRAINT "edit_task_edit_id_fkey" FOREIGN KEY ("edit_id") REFERENCES "edit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- A claim looks at waiting and running tasks only.
CREATE INDEX "edit_task_queue_idx" ON "edit_task" ("queued_at", "id") WHERE "state" IN ('QUEUED', 'RUNNING');
