-- 主体登记与存续状态: the registry against tax, social insurance and the licences.
WITH
live AS (
  SELECT * FROM enterprise WHERE status IN ('active', 'suspended')
),
tax AS (
  SELECT * FROM tax_registration WHERE _eid IS NOT NULL
),
changed AS (
  SELECT _eid,
    max(changed_on) FILTER (WHERE item = 'name') AS renamed,
    max(changed_on) FILTER (WHERE item = 'legal_rep') AS replaced
  FROM registry_change
  WHERE _eid IS NOT NULL
  GROUP BY _eid
),
-- The twelve months up to the one that is still being declared.
declared AS (
  SELECT _eid,
    bool_or((revenue > 0) IS NOT FALSE) AS maybe_income,
    sum(CASE period WHEN 'quarter' THEN 3 WHEN 'half_year' THEN 6 WHEN 'year' THEN 12 ELSE 1 END) AS months
  FROM tax_month
  WHERE _eid IS NOT NULL AND month >= add_months(:month, -13) AND month < :last_month
  GROUP BY _eid
),
staffed AS (
  SELECT _eid FROM insured
  WHERE _eid IS NOT NULL AND month >= add_months(:month, -13) AND month < :last_month AND (persons > 0) IS NOT FALSE
),
-- Whose name a code of another register bears; the name of one who is gone may be its successor's.
named_elsewhere AS (
  SELECT source, name__key, count(*) AS codes, min(uscc) AS code
  FROM (
    SELECT DISTINCT x.source, x.name__key, x.uscc
    FROM (
      SELECT 'tax' AS source, name__key, uscc FROM tax_registration
      UNION ALL SELECT 'insured', name__key, uscc FROM insured
      UNION ALL SELECT 'permit', name__key, uscc FROM discharge_permit
    ) x
    LEFT JOIN enterprise o ON o.uscc = x.uscc
    WHERE x.uscc IS NOT NULL
      AND NOT coalesce(o.status IN ('revoked', 'deregistered', 'annulled', 'moved_out'), FALSE)
  ) n
  GROUP BY source, name__key
),
namesakes AS (
  SELECT name__key FROM live GROUP BY name__key HAVING count(*) > 1
)
SELECT 'ZT-01' AS check_id, _eid, coalesce(source, '?') || ' / ' || coalesce(raw, '?') AS about
FROM quarantined
WHERE field IN ('uscc', 'parent_uscc')
  AND reason IN ('length', 'alphabet', 'check_digit', 'scientific')
  AND _eid IS NOT NULL
UNION ALL
-- [domain
SELECT 'ZT-02', e._eid, ''
FROM live e
JOIN tax t ON t._eid = e._eid
LEFT JOIN (
  SELECT DISTINCT ON (_eid) _eid, name__key FROM annual_report
  WHERE _eid IS NOT NULL
  ORDER BY _eid, year DESC NULLS LAST, _file, _row
) r ON r._eid = e._eid
LEFT JOIN changed c ON c._eid = e._eid
WHERE ((t.name__key <> e.name__key AND NOT is_name_of(t.name__key, e.name__key, e.former_names))
    OR (r.name__key <> e.name__key AND NOT is_name_of(r.name__key, e.name__key, e.former_names)))
  -- Others have 30 days to follow a change.
  AND (c.renamed IS NULL OR :as_of - c.renamed > 30)
UNION ALL
SELECT 'ZT-03', e._eid, ''
FROM live e
JOIN tax t ON t._eid = e._eid
LEFT JOIN changed c ON c._eid = e._eid
WHERE e.legal_rep <> t.legal_rep AND NOT same_person(e.legal_rep, t.legal_rep)
  AND (c.replaced IS NULL OR :as_of - c.replaced > 30)
UNION ALL
-- domain]
SELECT 'ZT-04', e._eid, ''
FROM enterprise e
JOIN tax t ON t._eid = e._eid
WHERE e.status = 'active' AND t.status = 'abnormal'
UNION ALL
SELECT 'ZT-05', e._eid, ''
FROM enterprise e
WHERE e.status = 'deregistered'
  AND (EXISTS (
      SELECT 1 FROM tax_month m
      WHERE m._eid = e._eid AND m.month > e.status_changed_on AND (m.revenue > 0 OR m.tax_paid > 0 OR m.payroll > 0)
    )
    OR EXISTS (SELECT 1 FROM insured i WHERE i._eid = e._eid AND i.month > e.status_changed_on AND i.persons > 0))
UNION ALL
SELECT 'ZT-06', e._eid, ''
FROM live e
WHERE :as_of - e.established_on > 30
  AND NOT EXISTS (SELECT 1 FROM tax t WHERE t._eid = e._eid)
UNION ALL
SELECT 'ZT-07', e._eid, ''
FROM enterprise e
JOIN declared d ON d._eid = e._eid
WHERE e.status = 'active' AND e.suspended_from IS NULL AND e.parent_uscc IS NULL
  AND d.months >= 12
  AND NOT d.maybe_income
  AND NOT EXISTS (SELECT 1 FROM staffed s WHERE s._eid = e._eid)
UNION ALL
-- [domain
SELECT 'ZT-08', e._eid, p.project
FROM (SELECT _eid, scope_read(scope) AS scope FROM enterprise WHERE status = 'active') e
JOIN licensed_project p ON p.enabled
  AND (takes_in(e.scope, p.word) OR takes_in(e.scope, p.second_word) OR takes_in(e.scope, p.third_word))
WHERE NOT coalesce(takes_in(e.scope, p.exempt_word), FALSE)
  AND NOT EXISTS (
    SELECT 1 FROM licence_list h JOIN licence_document d ON d.document = h.document
    WHERE h._eid = e._eid AND d.project = p.project
      AND (h.valid_to IS NULL OR h.valid_to >= :as_of) AND (h.status IS NULL OR h.status = 'valid')
  )
UNION ALL
-- domain]
SELECT DISTINCT 'ZT-09', e._eid, ''
FROM live e
LEFT JOIN namesakes s ON s.name__key = e.name__key
LEFT JOIN named_elsewhere n ON n.name__key = e.name__key
WHERE s.name__key IS NOT NULL OR n.codes > 1 OR n.code <> e.uscc
UNION ALL
SELECT 'ZT-10', e._eid, ''
FROM live e
JOIN tax t ON t._eid = e._eid
WHERE substr(e.industry, 1, 2) <> substr(t.industry, 1, 2)
