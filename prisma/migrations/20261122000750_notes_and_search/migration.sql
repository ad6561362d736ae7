-- Orders and searches of annotations, and one table of everything that can be found by its words.

-- CreateIndex
CREATE INDEX "annotation_project_id_confidence_id_idx" ON "annotation"("project_id", "confidence" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "annotation_project_id_label_id_idx" ON "annotation"("project_id", "label", "id");

-- CreateIndex
CREATE INDEX "annotation_project_id_author_id_created_at_id_idx" ON "annotation"("project_id", "author_id", "created_at" DESC, "id" DESC);

-- What Prisma's schema language cannot say.

-- Any part of a label or description; labels that read alike.
CREATE INDEX "annotation_text_idx" ON "annotation" USING gin (("label" || ' ' || "description") gin_trgm_ops);
CREATE INDEX "annotation_label_idx" ON "annotation" USING gin ("label" gin_trgm_ops);

-- Written by triggers only. The first lexemes of "words" are the project and the kind, so that one index answers
-- "these words, of these kinds, in this project".
CREATE TABLE "search"."document" (
    "project_id" UUID NOT NULL,
    "kind" TEXT NOT NULL CHECK ("kind" IN ('ANNOTATION', 'PROMPT', 'RUN', 'EDIT', 'COMMENT', 'NEURON', 'COLLECTION', 'EVALUATION')),
    -- Id of the row; of a neuron its anchor's key.
    "key" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    -- Of comments and neurons: where they are.
    "anchor" JSONB,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "words" TSVECTOR NOT NULL GENERATED ALWAYS AS (
        array_to_tsvector(ARRAY['@project:' || "project_id"::text, '@kind:' || "kind"])
        || setweight(to_tsvector('english'::regconfig, "title"), 'A') || setweight(to_tsvector('simple'::regconfig, "title"), 'A')
        || setweight(to_tsvector('english'::regconfig, "body"), 'C') || setweight(to_tsvector('simple'::regconfig, "body"), 'C')
    ) STORED,
    PRIMARY KEY ("project_id", "kind", "key")
);

CREATE INDEX "document_words_idx" ON "search"."document" USING gin ("words") WITH (fastupdate = off);
CREATE INDEX "document_time_idx" ON "search"."document" ("project_id", "changed_at" DESC);
-- Words that are misspelt or cut short: the title and the beginning of the body.
CREATE INDEX "document_likeness_idx" ON "search"."document"
    USING gin (lower("title" || ' ' || left("body", 300)) gin_trgm_ops);

CREATE FUNCTION "search"."put"(
    "project" UUID, "kind" TEXT, "key" TEXT, "title" TEXT, "body" TEXT, "anchor" JSONB, "changed_at" TIMESTAMPTZ
) RETURNS VOID AS $$
    INSERT INTO search.document AS d ("project_id", "kind", "key", "title", "body", "anchor", "changed_at")
    VALUES ($1, $2, $3, left($4, 500), left($5, 20000), $6, $7)
    ON CONFLICT ("project_id", "kind", "key") DO UPDATE SET
        "title" = EXCLUDED."title", "body" = EXCLUDED."body", "anchor" = EXCLUDED."anchor", "changed_at" = EXCLUDED."changed_at";
$$ LANGUAGE sql;

CREATE FUNCTION "search"."drop"("project" UUID, "kind" TEXT, "key" TEXT) RETURNS VOID AS $$
    DELETE FROM search.document d WHERE d."project_id" = $1 AND d."kind" = $2 AND d."key" = $3;
$$ LANGUAGE sql;

-- What can be found of each table, row by row: one place says it for triggers and for filling the table anew.
CREATE VIEW "search"."found" AS
    SELECT a."id", a."project_id", 'ANNOTATION'::text AS "kind", a."id"::text AS "key", a."label" AS "title",
        concat_ws(' ', a."description", array_to_string(a."tags", ' ')) AS "body", NULL::jsonb AS "anchor", a."updated_at" AS "changed_at"
    FROM public.annotation a WHERE a."state" <> 'WITHDRAWN'
    UNION ALL
    SELECT p."id", p."project_id", 'PROMPT', p."id"::text, p."text", concat_ws(' ', p."target", p."note", array_to_string(p."tags", ' ')),
        NULL, p."updated_at" FROM public.prompt p
    UNION ALL
    SELECT r."id", r."project_id", 'RUN', r."id"::text, coalesce(r."name", r."prompt_text", 'token ids'),
        concat_ws(' → ', r."prompt_text", r."target_text"), NULL, r."created_at" FROM public.lens_run r
    UNION ALL
    SELECT e."id", e."project_id", 'EDIT', e."id"::text, coalesce(e."name", e."method"),
        concat_ws(' ', e."method", (SELECT string_agg(concat_ws(' ', replace(q ->> 'prompt', '{}', q ->> 'subject'), '→', q ->> 'target'), '; ')
            FROM jsonb_array_elements(CASE jsonb_typeof(e."requests") WHEN 'array' THEN e."requests" ELSE '[]' END) q)),
        NULL, e."created_at" FROM public.edit e
    UNION ALL
    SELECT c."id", c."project_id", 'COMMENT', c."id"::text, left(regexp_replace(c."body", '\s+', ' ', 'g'), 120), c."body",
        c."anchor", coalesce(c."edited_at", c."created_at") FROM public.comment c WHERE c."deleted_at" IS NULL
    UNION ALL
    SELECT c."id", c."project_id", 'COLLECTION', c."id"::text, c."name", c."description", NULL, c."updated_at" FROM public.collection c
    UNION ALL
    SELECT v."id", v."project_id", 'EVALUATION', v."id"::text, v."name", concat_ws(' ', v."note", v."protocol"), NULL, v."created_at"
    FROM public.evaluation v;

-- A neuron is found by what people call it; the accepted and surest label is its title.
CREATE VIEW "search"."found_neuron" AS
    SELECT a."project_id", 'NEURON'::text AS "kind", a."anchor_key" AS "key",
        (array_agg(a."label" ORDER BY a."state" = 'ACCEPTED' DESC, a."confidence" DESC, a."id"))[1] AS "title",
        concat_ws(' ', min(a."layer") || '/' || min(a."neuron"), string_agg(DISTINCT a."label", '; ')) AS "body",
        (array_agg(a."anchor"))[1] AS "anchor", max(a."updated_at") AS "changed_at"
    FROM public.annotation a WHERE a."anchor_kind" = 'NEURON' AND a."state" NOT IN ('WITHDRAWN', 'REJECTED')
    GROUP BY a."project_id", a."anchor_key";

CREATE FUNCTION "search"."index_neuron"("project" UUID, "wanted" TEXT) RETURNS VOID AS $$
BEGIN
    PERFORM search.put(n."project_id", n."kind", n."key", n."title", n."body", n."anchor", n."changed_at")
    FROM search.found_neuron n WHERE n."project_id" = "project" AND n."key" = "wanted";
    IF NOT FOUND THEN PERFORM search.drop("project", 'NEURON', "wanted"); END IF;
END
$$ LANGUAGE plpgsql;

-- Argument: the kind.
CREATE FUNCTION "search"."index_row"() RETURNS TRIGGER AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM search.put(f."project_id", f."kind", f."key", f."title", f."body", f."anchor", f."changed_at")
        FROM search.found f WHERE f."kind" = TG_ARGV[0] AND f."id" = NEW."id";
        IF NOT FOUND THEN PERFORM search.drop(NEW."project_id", TG_ARGV[0], NEW."id"::text); END IF;
    ELSE
        PERFORM search.drop(OLD."project_id", TG_ARGV[0], OLD."id"::text);
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;

CREATE FUNCTION "search"."index_annotation"() RETURNS TRIGGER AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD."anchor_kind" = 'NEURON' THEN
        PERFORM search.index_neuron(OLD."project_id", OLD."anchor_key");
    END IF;
    IF TG_OP = 'INSERT' AND NEW."anchor_kind" = 'NEURON' THEN
        PERFORM search.index_neuron(NEW."project_id", NEW."anchor_key");
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER "index_words" AFTER INSERT OR DELETE OR UPDATE OF "label", "description", "tags", "state" ON "public"."annotation"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_row"('ANNOTATION');
CREATE TRIGGER "index_neuron_words" AFTER INSERT OR DELETE OR UPDATE OF "label", "confidence", "state" ON "public"."annotation"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_annotation"();
CREATE TRIGGER "index_words" AFTER INSERT OR DELETE OR UPDATE OF "text", "target", "note", "tags" ON "public"."prompt"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_row"('PROMPT');
CREATE TRIGGER "index_words" AFTER INSERT OR DELETE OR UPDATE OF "name", "prompt_text", "target_text" ON "public"."lens_run"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_row"('RUN');
CREATE TRIGGER "index_words" AFTER INSERT OR DELETE OR UPDATE OF "name", "method", "requests" ON "public"."edit"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_row"('EDIT');
CREATE TRIGGER "index_words" AFTER INSERT OR DELETE OR UPDATE OF "body", "deleted_at" ON "public"."comment"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_row"('COMMENT');
CREATE TRIGGER "index_words" AFTER INSERT OR DELETE OR UPDATE OF "name", "description" ON "public"."collection"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_row"('COLLECTION');
CREATE TRIGGER "index_words" AFTER INSERT OR DELETE OR UPDATE OF "name", "note" ON "public"."evaluation"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_row"('EVALUATION');

-- Makes the table anew: of what was there before, or after rows came in with triggers off.
CREATE FUNCTION "search"."fill_documents"() RETURNS VOID AS $$
    TRUNCATE search.document;
    INSERT INTO search.document ("project_id", "kind", "key", "title", "body", "anchor", "changed_at")
    SELECT f."project_id", f."kind", f."key", left(f."title", 500), left(f."body", 20000), f."anchor", f."changed_at"
    FROM search.found f
    UNION ALL
    SELECT n."project_id", n."kind", n."key", left(n."title", 500), left(n."body", 20000), n."anchor", n."changed_at"
    FROM search.found_neuron n;
$$ LANGUAGE sql;

SELECT "search"."fill_documents"();
