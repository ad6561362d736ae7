-- Whether the method wrote nothing on purpose, beside the record: a table of 220,000 rows is read without unpacking their records.
ALTER TABLE "case_result"
  ADD COLUMN "skipped" BOOLEAN GENERATED ALWAYS AS (("record" #>> '{outcome,kind}') IS NOT DISTINCT FROM 'skipped') STORED;
