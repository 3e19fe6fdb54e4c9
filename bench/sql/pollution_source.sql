-- 工业污染源监管: reports, monitoring, emissions, hazardous waste, penalties and stops of production.
WITH
working AS (
  SELECT * FROM enterprise WHERE status IN ('active', 'suspended', 'liquidation')
),
-- The latest record of each permit, with the first day of its first term.
permit AS (
  SELECT * FROM (
    SELECT _eid, permit_no, status, management_class, issued_on, valid_to,
      max(issued_on) OVER w AS newest, min(valid_from) OVER w AS since
    FROM discharge_permit
    WHERE _eid IS NOT NULL
    WINDOW w AS (PARTITION BY _eid, permit_no)
  ) p
  WHERE issued_on = newest
),
outlet_limit AS (
  SELECT *, upper(outlet) AS place FROM discharge_limit WHERE _eid IS NOT NULL
),
sample AS (
  SELECT *, upper(outlet) AS place FROM discharge_monitoring WHERE _eid IS NOT NULL
),
emission AS (
  SELECT *, upper(outlet) AS place FROM discharge_emission WHERE _eid IS NOT NULL
),
test_days AS (
  SELECT _eid, permit_no, place, pollutant, count(DISTINCT sampled_on) AS days
  FROM sample
  WHERE sampled_on >= :last_year_start AND sampled_on <= :last_year_end
  GROUP BY _eid, permit_no, place, pollutant
),
emitted AS (
  SELECT _eid, permit_no, pollutant, place, sum(emitted) AS tonnes, count(*) - count(emitted) AS unknown
  FROM emission
  WHERE month >= :last_year_start AND month <= :last_december
  GROUP BY _eid, permit_no, pollutant, place
),
-- What the outlets emit together, rows of the whole plant left out.
plant AS (
  SELECT _eid, permit_no, pollutant, sum(tonnes) AS tonnes, sum(unknown) AS unknown
  FROM emitted
  WHERE place NOT IN ('全厂', '全厂合计', '合计', 'TOTAL')
  GROUP BY _eid, permit_no, pollutant
),
waste AS (
  SELECT *, max(period) OVER (PARTITION BY _eid, waste_code) AS newest FROM hazardous_waste WHERE _eid IS NOT NULL
)
SELECT 'WR-01' AS check_id, p._eid, p.permit_no AS about
FROM permit p
JOIN working e ON e._eid = p._eid
LEFT JOIN (
  SELECT _eid, permit_no, min(submitted_on) AS submitted_on FROM discharge_report
  WHERE kind = 'annual' AND year = :last_year
  GROUP BY _eid, permit_no
) r ON r._eid = p._eid AND r.permit_no = p.permit_no
WHERE p.status IN ('valid', 'expired') AND p.management_class IN ('key', 'simplified')
  AND :as_of > :year_start + 30
  -- Held for less than three months of the year: no report is owed.
  AND p.since <= add_months(:year_start, -3) AND p.valid_to >= add_months(:year_start, -9) - 1
  AND (r._eid IS NULL OR r.submitted_on > :year_start + 30)
UNION ALL
SELECT 'WR-02', l._eid, l.permit_no || ' / ' || l.outlet || ' / ' || l.pollutant
FROM outlet_limit l
JOIN working e ON e._eid = l._eid
JOIN permit p ON p._eid = l._eid AND p.permit_no = l.permit_no
LEFT JOIN test_days t ON t._eid = l._eid AND t.permit_no = l.permit_no AND t.place = l.place AND t.pollutant = l.pollutant
WHERE l.method = 'manual' AND l.tests_per_year > 0
  AND p.status = 'valid' AND p.since <= add_months(:year_start, -12) AND p.valid_to >= :year_start - 1
  AND coalesce(t.days, 0) < l.tests_per_year
UNION ALL
SELECT 'WR-03', s._eid,
  s.permit_no || ' / ' || s.outlet || ' / ' || s.pollutant || ' / ' || CAST(s.sampled_on AS VARCHAR) || ' / ' || coalesce(s.sample_no, '?')
FROM sample s
JOIN (
  SELECT _eid, permit_no, place, pollutant, unit, max(limit_value) AS limit_value, max(limit_min) AS limit_min
  FROM outlet_limit
  GROUP BY _eid, permit_no, place, pollutant, unit
) l ON l._eid = s._eid AND l.permit_no = s.permit_no AND l.place = s.place AND l.pollutant = s.pollutant AND l.unit = s.unit
WHERE s.sampled_on > add_months(:as_of, -12) AND s.sampled_on <= :as_of
  AND s.not_detected IS NOT TRUE
  AND (s.value > l.limit_value OR s.value < l.limit_min)
UNION ALL
SELECT 'WR-04', l._eid, l.permit_no || ' / ' || l.outlet || ' / ' || l.pollutant
FROM outlet_limit l
LEFT JOIN emitted o ON o._eid = l._eid AND o.permit_no = l.permit_no AND o.pollutant = l.pollutant AND o.place = l.place
LEFT JOIN plant p ON p._eid = l._eid AND p.permit_no = l.permit_no AND p.pollutant = l.pollutant
WHERE CASE
    WHEN o.unknown = 0 THEN o.tonnes
    WHEN l.place IN ('全厂', '全厂合计', '合计', 'TOTAL') AND p.unknown = 0 THEN p.tonnes
  END > l.annual_cap
UNION ALL
SELECT 'WR-05', d._eid, d.device_no
FROM online_device d
JOIN working e ON e._eid = d._eid
LEFT JOIN online_monitoring m ON m._eid = d._eid AND m.device_no = d.device_no AND m.month = :last_month
WHERE d.status IN ('connected', 'interrupted') AND d.connected_on <= :last_month
  AND (m._eid IS NULL OR m.valid_hours < 0.75 * m.due_hours)
UNION ALL
SELECT 'WR-06', e._eid, ''
FROM working e
WHERE e.key_polluter
  AND NOT EXISTS (SELECT 1 FROM online_device d WHERE d._eid = e._eid AND (d.status IN ('connected', 'interrupted')) IS NOT FALSE)
UNION ALL
SELECT 'WR-07', e._eid, ''
FROM working e
JOIN (
  SELECT DISTINCT _eid FROM waste WHERE period >= :last_year_start AND (generated > 0 OR closing > 0)
) w ON w._eid = e._eid
LEFT JOIN (SELECT _eid, min(filed_on) AS filed_on FROM waste_plan WHERE year = :year GROUP BY _eid) p ON p._eid = e._eid
WHERE :as_of > add_months(:year_start, 3) - 1
  AND (p._eid IS NULL OR p.filed_on > add_months(:year_start, 3) - 1)
UNION ALL
SELECT 'WR-08', _eid, CAST(period AS VARCHAR) || ' / ' || waste_code
FROM waste
WHERE period >= add_months(:month, -12)
  AND abs(opening + generated - transferred - self_disposed - closing) > greatest(0.1, 0.02 * (opening + generated))
UNION ALL
SELECT 'WR-09', _eid, waste_code
FROM waste
WHERE period = newest AND closing > 0
  AND :as_of - oldest_on > 365
  AND (extended_to IS NULL OR extended_to < :as_of)
UNION ALL
SELECT 'WR-10', m._eid, ''
FROM (
  SELECT DISTINCT _eid, place FROM sample
  WHERE (starts_with(place, 'DA') OR starts_with(place, 'DW')) AND sampled_on > add_months(:as_of, -12)
) m
JOIN (
  SELECT _eid FROM outlet_limit GROUP BY _eid HAVING count(*) = count(place)
) listed ON listed._eid = m._eid
WHERE NOT EXISTS (SELECT 1 FROM outlet_limit l WHERE l._eid = m._eid AND l.place = m.place)
UNION ALL
SELECT 'WR-11', _eid, decision_no
FROM penalty
WHERE _eid IS NOT NULL AND status IN ('in_force', 'closed') AND rectify_by < :as_of AND accepted_on IS NULL
UNION ALL
SELECT 'WR-12', p._eid, CAST(p.month AS VARCHAR)
FROM power_use p
JOIN (
  SELECT DISTINCT ON (_eid) _eid, stopped_from, stopped_to FROM production_stop
  WHERE _eid IS NOT NULL
  ORDER BY _eid, stopped_from DESC NULLS LAST, _file, _row
) s ON s._eid = p._eid
LEFT JOIN (SELECT DISTINCT _eid, month FROM emission WHERE emitted > 0) x ON x._eid = p._eid AND x.month = p.month
WHERE p.month >= s.stopped_from
  AND (s.stopped_to IS NULL OR add_months(p.month, 1) <= s.stopped_to + 1)
  AND (p.kwh > 0 OR x._eid IS NOT NULL)
