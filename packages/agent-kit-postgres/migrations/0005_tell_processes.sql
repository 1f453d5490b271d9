-- What a person changes reaches every process at once, whoever changed it and by what means: by a command, by the control
-- endpoints, or by hand. Who listens also looks now and then, so that a notification that got lost is made good.

CREATE FUNCTION sb_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify(left('sb_pending_' || TG_TABLE_SCHEMA, 63), TG_ARGV[0]);
  RETURN NULL;
END $$;

CREATE TRIGGER sb_tell AFTER UPDATE ON sb_control FOR EACH STATEMENT EXECUTE FUNCTION sb_tell('orders');
CREATE TRIGGER sb_tell_start AFTER INSERT ON sb_redrive FOR EACH STATEMENT EXECUTE FUNCTION sb_tell('orders');
CREATE TRIGGER sb_tell_resume AFTER UPDATE OF status ON sb_redrive FOR EACH ROW
  WHEN (NEW.status = 'running' AND OLD.status <> 'running') EXECUTE FUNCTION sb_tell('orders');
-- What was due later may be due now.
CREATE TRIGGER sb_tell AFTER UPDATE ON sb_clock FOR EACH STATEMENT EXECUTE FUNCTION sb_tell('');
