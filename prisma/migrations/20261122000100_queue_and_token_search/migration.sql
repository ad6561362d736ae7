-- What Prisma's schema language cannot say: the queue's partial index, and the partitioned token search table.

-- A claim looks at waiting and running runs only, however many finished ones there are.
CREATE INDEX "lens_run_queue_idx" ON "lens_run" ("queued_at", "id") WHERE "state" IN ('QUEUED', 'RUNNING');

CREATE SCHEMA IF NOT EXISTS "search";

-- "Runs whose gradient points to token T at layer L": the first three tokens of either end of every cell.
CREATE TABLE "search"."token_hit" (
    "token_id" INTEGER NOT NULL,
    "layer" SMALLINT NOT NULL,
    "matrix" "public"."MatrixName" NOT NULL,
    "factor" TEXT NOT NULL CHECK ("factor" IN ('INPUT', 'VJP')),
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "at_top" BOOLEAN NOT NULL,
    "place" SMALLINT NOT NULL CHECK ("place" BETWEEN 0 AND 2),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now()
) PARTITION BY RANGE ("created_at");

CREATE INDEX "token_hit_token_idx" ON "search"."token_hit" ("token_id", "layer", "matrix", "factor");
CREATE INDEX "token_hit_run_idx" ON "search"."token_hit" ("run_id");

-- A foreign key would look the same run up once for each of its tens of thousands of hits; a run's hits go with it all the same.
CREATE FUNCTION "search"."forget_run"() RETURNS TRIGGER AS $$
BEGIN
    DELETE FROM "search"."token_hit" WHERE "run_id" = OLD."id";
    RETURN OLD;
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER "forget_token_hits" AFTER DELETE ON "public"."lens_run"
    FOR EACH ROW EXECUTE FUNCTION "search"."forget_run"();

CREATE TABLE "search"."token_hit_other" PARTITION OF "search"."token_hit" DEFAULT;

-- Makes the partition of the month of a moment, unless it exists; two callers at once are both satisfied.
CREATE FUNCTION "search"."ensure_token_hit_month"("moment" TIMESTAMPTZ) RETURNS VOID AS $$
DECLARE
    "first_day" TIMESTAMPTZ := date_trunc('month', "moment", 'UTC');
    "partition" TEXT := 'token_hit_' || to_char("first_day" AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('search.' || "partition"));
    IF to_regclass(format('search.%I', "partition")) IS NULL THEN
        EXECUTE format(
            'CREATE TABLE search.%I PARTITION OF search.token_hit FOR VALUES FROM (%L) TO (%L)',
            "partition", "first_day", "first_day" + INTERVAL '1 month'
        );
    END IF;
END
$$ LANGUAGE plpgsql;

SELECT "search"."ensure_token_hit_month"(now());
SELECT "search"."ensure_token_hit_month"(now() + INTERVAL '1 month');
