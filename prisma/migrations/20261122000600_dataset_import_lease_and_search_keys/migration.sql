-- Imports whose process died are found by their lease; the token search reads its index alone, model by model.

-- AlterTable
ALTER TABLE "dataset_import" ADD COLUMN     "lease_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "model" ADD COLUMN     "search_key" SERIAL NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "model_search_key_key" ON "model"("search_key");


-- What Prisma's schema language cannot say.

ALTER TABLE "search"."token_hit" ADD COLUMN "model_key" INTEGER;
UPDATE "search"."token_hit" h SET "model_key" = m."search_key"
    FROM "lens_run" r JOIN "model" m ON m."id" = r."model_id" WHERE r."id" = h."run_id";
DELETE FROM "search"."token_hit" WHERE "model_key" IS NULL;
ALTER TABLE "search"."token_hit" ALTER COLUMN "model_key" SET NOT NULL;

-- Everything that is shown of a hit, in the order of a page: ids of runs rise with time, so that a page of the newest is one
-- walk backward, and no row outside the index is read.
CREATE INDEX "token_hit_search_idx" ON "search"."token_hit"
    ("model_key", "token_id", "run_id", "layer", "matrix", "position", "at_top", "place");
DROP INDEX "search"."token_hit_token_idx";

ALTER TABLE "search"."edit_token_hit" ADD COLUMN "model_key" INTEGER NOT NULL;
CREATE INDEX "edit_token_hit_search_idx" ON "search"."edit_token_hit"
    ("model_key", "token_id", "edit_id", "layer", "matrix", "factor_place", "at_top", "place");
DROP INDEX "search"."edit_token_hit_token_idx";

-- The first three tokens of either end of every factor that was read of an edit.
CREATE FUNCTION "search"."index_edit"("wanted" UUID) RETURNS VOID AS $$
    DELETE FROM search.edit_token_hit WHERE edit_id = wanted;
    INSERT INTO search.edit_token_hit (model_key, token_id, layer, matrix, edit_id, factor_place, at_top, place)
    SELECT m.search_key, (t.token ->> 'id')::int, (r.reading -> 'address' ->> 'layer')::smallint,
        upper(replace(r.reading -> 'address' ->> 'matrix', '.', '_'))::public."MatrixName",
        wanted, f.number - 1, e.at_top, t.number - 1
    FROM public.edit_result x
        JOIN public.edit d ON d.id = x.edit_id
        JOIN public.model m ON m.id = d.model_id
        CROSS JOIN LATERAL jsonb_array_elements(x.readings) AS r(reading)
        CROSS JOIN LATERAL jsonb_array_elements(r.reading -> 'factors') WITH ORDINALITY AS f(factor, number)
        CROSS JOIN (VALUES (true, 'top'), (false, 'bottom')) AS e(at_top, field)
        CROSS JOIN LATERAL jsonb_array_elements(f.factor -> e.field) WITH ORDINALITY AS t(token, number)
    WHERE x.edit_id = wanted AND t.number <= 3;
$$ LANGUAGE sql;

CREATE FUNCTION "search"."index_stored_edit"() RETURNS TRIGGER AS $$
BEGIN
    PERFORM search.index_edit(NEW."edit_id");
    RETURN NULL;
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER "index_edit_tokens" AFTER INSERT OR UPDATE OF "readings" ON "public"."edit_result"
    FOR EACH ROW EXECUTE FUNCTION "search"."index_stored_edit"();

-- Edits that were stored before.
SELECT "search"."index_edit"("edit_id") FROM "edit_result";
