-- Data sets with their cases, slices, evaluations with their arms, batches and rows, and the figures over many prompts.

-- CreateEnum
CREATE TYPE "EvaluationState" AS ENUM ('QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "BatchState" AS ENUM ('QUEUED', 'RUNNING', 'DONE');

-- CreateEnum
CREATE TYPE "ResultKind" AS ENUM ('ROW', 'FAILURE');

-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "status" JSONB;

-- CreateTable
CREATE TABLE "dataset" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "cases" INTEGER NOT NULL,
    "rejected" INTEGER NOT NULL,
    "features" JSONB NOT NULL,
    "bundled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_case" (
    "dataset_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "case_id" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "prompt" TEXT NOT NULL,
    "target_new" TEXT,
    "target_true" TEXT,
    "record" JSONB NOT NULL,

    CONSTRAINT "dataset_case_pkey" PRIMARY KEY ("dataset_id","place")
);

-- CreateTable
CREATE TABLE "dataset_relation" (
    "dataset_id" UUID NOT NULL,
    "relation" TEXT NOT NULL,
    "cases" INTEGER NOT NULL,

    CONSTRAINT "dataset_relation_pkey" PRIMARY KEY ("dataset_id","relation")
);

-- CreateTable
CREATE TABLE "dataset_rejection" (
    "dataset_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "record" INTEGER NOT NULL,
    "field" TEXT,
    "reason" TEXT NOT NULL,

    CONSTRAINT "dataset_rejection_pkey" PRIMARY KEY ("dataset_id","place")
);

-- CreateTable
CREATE TABLE "dataset_import" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "dataset_id" UUID,
    "source" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "format" TEXT,
    "client_mutation_id" TEXT,
    "state" "ImportState" NOT NULL DEFAULT 'QUEUED',
    "stage" TEXT NOT NULL DEFAULT 'queued',
    "progress_version" INTEGER NOT NULL DEFAULT 1,
    "received_bytes" BIGINT NOT NULL DEFAULT 0,
    "total_bytes" BIGINT,
    "records" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "rejections" JSONB NOT NULL DEFAULT '[]',
    "error" JSONB,
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "known_answers" (
    "dataset_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "answers" BYTEA NOT NULL,
    "tested" INTEGER NOT NULL,
    "known" INTEGER NOT NULL,

    CONSTRAINT "known_answers_pkey" PRIMARY KEY ("dataset_id","model_id")
);

-- CreateTable
CREATE TABLE "slice" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "known_by_model_id" UUID,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "places" INTEGER[],
    "digest" TEXT,
    "known_counts" JSONB,
    "client_mutation_id" TEXT,
    "state" "RunState" NOT NULL DEFAULT 'QUEUED',
    "done" INTEGER,
    "total" INTEGER,
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

    CONSTRAINT "slice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "slice_id" UUID NOT NULL,
    "cloned_from_id" UUID,
    "name" TEXT NOT NULL,
    "note" TEXT,
    "protocol" TEXT NOT NULL,
    "seed" INTEGER NOT NULL DEFAULT 0,
    "settings" JSONB NOT NULL,
    "cases" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "client_mutation_id" TEXT,
    "state" "EvaluationState" NOT NULL DEFAULT 'QUEUED',
    "progress_version" INTEGER NOT NULL DEFAULT 1,
    "error" JSONB,
    "summary" JSONB,
    "summary_version" INTEGER,
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evaluation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation_arm" (
    "id" UUID NOT NULL,
    "evaluation_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "model_id" UUID NOT NULL,
    "method" TEXT NOT NULL,
    "hyperparameters" JSONB NOT NULL,
    "defaults" TEXT NOT NULL,
    "computed_with" INTEGER NOT NULL,
    "receipt" JSONB,

    CONSTRAINT "evaluation_arm_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation_batch" (
    "id" UUID NOT NULL,
    "evaluation_id" UUID NOT NULL,
    "computed_with" INTEGER NOT NULL,
    "first_case" INTEGER NOT NULL,
    "cases" INTEGER NOT NULL,
    "retry" BOOLEAN NOT NULL DEFAULT false,
    "state" "BatchState" NOT NULL DEFAULT 'QUEUED',
    "crashes" INTEGER NOT NULL DEFAULT 0,
    "losses" INTEGER NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "evaluation_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_result" (
    "arm_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "evaluation_id" UUID NOT NULL,
    "kind" "ResultKind" NOT NULL,
    "case_id" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "metrics" DOUBLE PRECISION[],
    "before" DOUBLE PRECISION[],
    "prompts" JSONB NOT NULL,
    "record" JSONB NOT NULL,
    "edit_milliseconds" DOUBLE PRECISION,
    "measure_milliseconds" DOUBLE PRECISION,
    "peak_bytes" DOUBLE PRECISION,
    "worker_id" TEXT NOT NULL,
    "lease_epoch" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "case_result_pkey" PRIMARY KEY ("arm_id","place")
);

-- CreateTable
CREATE TABLE "comparison_answer" (
    "key" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comparison_answer_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "figure_set" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "slice_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "question_digest" TEXT NOT NULL,
    "prompts" INTEGER NOT NULL,
    "client_mutation_id" TEXT,
    "state" "RunState" NOT NULL DEFAULT 'QUEUED',
    "stage" TEXT NOT NULL DEFAULT 'queued',
    "done" INTEGER NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "progress_version" INTEGER NOT NULL DEFAULT 1,
    "receipt" JSONB,
    "error" JSONB,
    "lease_owner" TEXT,
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "figure_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "figure_observation" (
    "set_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "observation" JSONB NOT NULL,

    CONSTRAINT "figure_observation_pkey" PRIMARY KEY ("set_id","place")
);

-- CreateTable
CREATE TABLE "figure" (
    "set_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "done" INTEGER NOT NULL,
    "figure" JSONB NOT NULL,

    CONSTRAINT "figure_pkey" PRIMARY KEY ("set_id","kind")
);

-- CreateIndex
CREATE INDEX "dataset_project_id_created_at_id_idx" ON "dataset"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "dataset_project_id_digest_key" ON "dataset"("project_id", "digest");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_project_id_name_version_key" ON "dataset"("project_id", "name", "version");

-- CreateIndex
CREATE INDEX "dataset_case_dataset_id_relation_place_idx" ON "dataset_case"("dataset_id", "relation", "place");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_case_dataset_id_case_id_key" ON "dataset_case"("dataset_id", "case_id");

-- CreateIndex
CREATE INDEX "dataset_import_project_id_created_at_id_idx" ON "dataset_import"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "dataset_import_project_id_author_id_client_mutation_id_key" ON "dataset_import"("project_id", "author_id", "client_mutation_id");

-- CreateIndex
CREATE INDEX "slice_project_id_created_at_id_idx" ON "slice"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "slice_project_id_author_id_client_mutation_id_key" ON "slice"("project_id", "author_id", "client_mutation_id");

-- CreateIndex
CREATE INDEX "evaluation_project_id_created_at_id_idx" ON "evaluation"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_project_id_author_id_client_mutation_id_key" ON "evaluation"("project_id", "author_id", "client_mutation_id");

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_arm_evaluation_id_name_key" ON "evaluation_arm"("evaluation_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_arm_evaluation_id_place_key" ON "evaluation_arm"("evaluation_id", "place");

-- CreateIndex
CREATE INDEX "evaluation_batch_evaluation_id_state_first_case_idx" ON "evaluation_batch"("evaluation_id", "state", "first_case");

-- CreateIndex
CREATE INDEX "case_result_evaluation_id_place_idx" ON "case_result"("evaluation_id", "place");

-- CreateIndex
CREATE INDEX "figure_set_project_id_created_at_id_idx" ON "figure_set"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "figure_set_project_id_author_id_client_mutation_id_key" ON "figure_set"("project_id", "author_id", "client_mutation_id");

-- CreateIndex
CREATE UNIQUE INDEX "figure_set_project_id_question_digest_key" ON "figure_set"("project_id", "question_digest");

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_case" ADD CONSTRAINT "dataset_case_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_relation" ADD CONSTRAINT "dataset_relation_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_rejection" ADD CONSTRAINT "dataset_rejection_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_import" ADD CONSTRAINT "dataset_import_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_import" ADD CONSTRAINT "dataset_import_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_import" ADD CONSTRAINT "dataset_import_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "known_answers" ADD CONSTRAINT "known_answers_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "known_answers" ADD CONSTRAINT "known_answers_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slice" ADD CONSTRAINT "slice_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slice" ADD CONSTRAINT "slice_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slice" ADD CONSTRAINT "slice_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slice" ADD CONSTRAINT "slice_known_by_model_id_fkey" FOREIGN KEY ("known_by_model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_slice_id_fkey" FOREIGN KEY ("slice_id") REFERENCES "slice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_cloned_from_id_fkey" FOREIGN KEY ("cloned_from_id") REFERENCES "evaluation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_arm" ADD CONSTRAINT "evaluation_arm_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_arm" ADD CONSTRAINT "evaluation_arm_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_batch" ADD CONSTRAINT "evaluation_batch_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_result" ADD CONSTRAINT "case_result_arm_id_fkey" FOREIGN KEY ("arm_id") REFERENCES "evaluation_arm"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_result" ADD CONSTRAINT "case_result_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_set" ADD CONSTRAINT "figure_set_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_set" ADD CONSTRAINT "figure_set_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_set" ADD CONSTRAINT "figure_set_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_set" ADD CONSTRAINT "figure_set_slice_id_fkey" FOREIGN KEY ("slice_id") REFERENCES "slice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_observation" ADD CONSTRAINT "figure_observation_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "figure_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure" ADD CONSTRAINT "figure_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "figure_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema language cannot say.

-- A claim looks at unfinished batches and slices only.
CREATE INDEX "evaluation_batch_open_idx" ON "evaluation_batch" ("evaluation_id", "computed_with", "first_case")
    WHERE "state" <> 'DONE';
CREATE INDEX "slice_queue_idx" ON "slice" ("queued_at", "id") WHERE "state" IN ('QUEUED', 'RUNNING');
CREATE INDEX "figure_set_queue_idx" ON "figure_set" ("queued_at", "id") WHERE "state" IN ('QUEUED', 'RUNNING');

-- Search by any part of a prompt or subject.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX "dataset_case_text_idx" ON "dataset_case" USING gin (("subject" || ' ' || "prompt") gin_trgm_ops);

-- "Edits that write token T at layer L": the first three tokens of either end of every factor.
CREATE TABLE "search"."edit_token_hit" (
    "token_id" INTEGER NOT NULL,
    "layer" SMALLINT NOT NULL,
    "matrix" "public"."MatrixName" NOT NULL,
    "edit_id" UUID NOT NULL REFERENCES "public"."edit" ("id") ON DELETE CASCADE,
    "factor_place" INTEGER NOT NULL,
    "at_top" BOOLEAN NOT NULL,
    "place" SMALLINT NOT NULL CHECK ("place" BETWEEN 0 AND 2)
);

CREATE INDEX "edit_token_hit_token_idx" ON "search"."edit_token_hit" ("token_id", "layer", "matrix");
CREATE INDEX "edit_token_hit_edit_idx" ON "search"."edit_token_hit" ("edit_id");
