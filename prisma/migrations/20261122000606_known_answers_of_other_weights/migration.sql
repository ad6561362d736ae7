-- What a model knows is known of its weights: other weights under its name know other things.
CREATE FUNCTION "forget_known_answers"() RETURNS TRIGGER AS $$
BEGIN
    DELETE FROM "known_answers" WHERE "model_id" = NEW."id";
    RETURN NULL;
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER "forget_known_answers" AFTER UPDATE OF "digest" ON "model"
    FOR EACH ROW WHEN (OLD."digest" IS DISTINCT FROM NEW."digest") EXECUTE FUNCTION "forget_known_answers"();
