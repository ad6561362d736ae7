-- Misspelt words are looked up in a list of the words there are: some thousand of them, where the texts are a hundred thousand.

DROP INDEX "search"."document_likeness_idx";

-- No unique index: two writers of one new word must not wait for each other. A word that is there twice does no harm.
CREATE TABLE "search"."word" ("word" TEXT NOT NULL);
CREATE INDEX "word_idx" ON "search"."word" ("word");
CREATE INDEX "word_likeness_idx" ON "search"."word" USING gin ("word" gin_trgm_ops);

CREATE FUNCTION "search"."words_of"("title" TEXT, "body" TEXT) RETURNS SETOF TEXT AS $$
    SELECT DISTINCT w FROM regexp_split_to_table(lower(left($1, 500) || ' ' || left($2, 2000)), '[^[:alpha:]]+') w
    WHERE length(w) BETWEEN 4 AND 40;
$$ LANGUAGE sql IMMUTABLE;

CREATE OR REPLACE FUNCTION "search"."put"(
    "project" UUID, "kind" TEXT, "key" TEXT, "title" TEXT, "body" TEXT, "anchor" JSONB, "changed_at" TIMESTAMPTZ
) RETURNS VOID AS $$
    INSERT INTO search.document AS d ("project_id", "kind", "key", "title", "body", "anchor", "changed_at")
    VALUES ($1, $2, $3, left($4, 500), left($5, 20000), $6, $7)
    ON CONFLICT ("project_id", "kind", "key") DO UPDATE SET
        "title" = EXCLUDED."title", "body" = EXCLUDED."body", "anchor" = EXCLUDED."anchor", "changed_at" = EXCLUDED."changed_at";
    INSERT INTO search.word ("word") SELECT w FROM search.words_of($4, $5) w
    WHERE NOT EXISTS (SELECT FROM search.word k WHERE k."word" = w);
$$ LANGUAGE sql;

CREATE OR REPLACE FUNCTION "search"."fill_documents"() RETURNS VOID AS $$
    TRUNCATE search.document, search.word;
    INSERT INTO search.document ("project_id", "kind", "key", "title", "body", "anchor", "changed_at")
    SELECT f."project_id", f."kind", f."key", left(f."title", 500), left(f."body", 20000), f."anchor", f."changed_at"
    FROM search.found f
    UNION ALL
    SELECT n."project_id", n."kind", n."key", left(n."title", 500), left(n."body", 20000), n."anchor", n."changed_at"
    FROM search.found_neuron n;
    INSERT INTO search.word ("word") SELECT DISTINCT w FROM search.document d CROSS JOIN LATERAL search.words_of(d."title", d."body") w;
$$ LANGUAGE sql;

INSERT INTO "search"."word" ("word")
    SELECT DISTINCT w FROM "search"."document" d CROSS JOIN LATERAL "search"."words_of"(d."title", d."body") w;

-- Counts of lists, from the index alone.
CREATE INDEX "annotation_counts_idx" ON "annotation" ("project_id", "state", "author_id", "anchor_kind", "model_id", "layer");

DROP INDEX "annotation_label_idx";
CREATE INDEX "annotation_label_idx" ON "annotation" USING gin (lower("label") gin_trgm_ops);
