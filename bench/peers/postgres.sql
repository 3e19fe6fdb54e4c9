-- What the queries of bench/sql call by names that DuckDB has and PostgreSQL does not.
CREATE FUNCTION year(day date) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT CAST(extract(year FROM day) AS int)';
CREATE FUNCTION month(day date) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT CAST(extract(month FROM day) AS int)';
CREATE FUNCTION add_months(day date, n int) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS 'SELECT CASE WHEN day >= DATE ''9999-12-31'' THEN day ELSE CAST(day + make_interval(months => n) AS date) END';
CREATE FUNCTION add_years(day date, n int) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT add_months(day, n * 12)';
