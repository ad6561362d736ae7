-- Neurons of a layer: words, what they do in stored runs, and what edits write to them.

-- CreateTable
CREATE TABLE "neuron_survey" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "layer" INTEGER NOT NULL,
    "neurons" INTEGER NOT NULL,
    "run_ids" UUID[],
    "question_digest" TEXT NOT NULL,
    "state" "RunState" NOT NULL DEFAULT 'QUEUED',
    "stage" TEXT NOT NULL DEFAULT 'queued',
    "words_done" INTEGER NOT NULL DEFAULT 0,
    "nearest_done" BOOLEAN NOT NULL DEFAULT false,
    "runs_done" INTEGER NOT NULL DEFAULT 0,
    "partial" BYTEA,
    "result_digest" TEXT,
    "result_run_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "result_tokens" INTEGER NOT NULL DEFAULT 0,
    "receipt" JSONB,
    "edits_digest" TEXT,
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

    CONSTRAINT "neuron_survey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "neuron_part" (
    "survey_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "first" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    "stride" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "neuron_part_pkey" PRIMARY KEY ("survey_id","kind","first")
);

-- CreateTable
CREATE TABLE "neuron" (
    "survey_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "key_word" TEXT NOT NULL,
    "value_word" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "key_norm" DOUBLE PRECISION NOT NULL,
    "value_norm" DOUBLE PRECISION NOT NULL,
    "max_activation" DOUBLE PRECISION,
    "mean_activation" DOUBLE PRECISION,
    "max_coefficient" DOUBLE PRECISION,
    "histogram" INTEGER[],
    "histogram_start" DOUBLE PRECISION,
    "bin_width" DOUBLE PRECISION,
    "edit_norm" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "neuron_pkey" PRIMARY KEY ("survey_id","index")
);

-- CreateTable
CREATE TABLE "edit_neuron_norms" (
    "edit_id" UUID NOT NULL,
    "layer" INTEGER NOT NULL,
    "matrix" "MatrixName" NOT NULL,
    "norms" BYTEA NOT NULL,
    "total" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "edit_neuron_norms_pkey" PRIMARY KEY ("edit_id","layer","matrix")
);

-- CreateIndex
CREATE UNIQUE INDEX "neuron_survey_project_id_model_id_layer_key" ON "neuron_survey"("project_id", "model_id", "layer");

-- AddForeignKey
ALTER TABLE "neuron_survey" ADD CONSTRAINT "neuron_survey_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "neuron_survey" ADD CONSTRAINT "neuron_survey_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "neuron_survey" ADD CONSTRAINT "neuron_survey_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "neuron_part" ADD CONSTRAINT "neuron_part_survey_id_fkey" FOREIGN KEY ("survey_id") REFERENCES "neuron_survey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "neuron" ADD CONSTRAINT "neuron_survey_id_fkey" FOREIGN KEY ("survey_id") REFERENCES "neuron_survey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_neuron_norms" ADD CONSTRAINT "edit_neuron_norms_edit_id_fkey" FOREIGN KEY ("edit_id") REFERENCES "edit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One neuron is a slice of each part, read without unpacking the rest.
ALTER TABLE "neuron_part" ALTER COLUMN "data" SET STORAGE EXTERNAL;
ALTER TABLE "edit_neuron_norms" ALTER COLUMN "norms" SET STORAGE EXTERNAL;
