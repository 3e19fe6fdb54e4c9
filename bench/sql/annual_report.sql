-- 企业年报信息: the annual report of the year before against registry, social insurance and tax.
WITH firm AS (
  -- 个体工商户 (92) and 农民专业合作社 (93) report by rules of their own.
  SELECT e.*,
    CASE WHEN year(e.established_on) = :last_year THEN 12 - month(e.established_on) ELSE 12 END AS months_due
  FROM enterprise e
  WHERE substr(e.uscc, 1, 2) NOT IN ('92', '93')
),
report AS (
  SELECT * FROM annual_report WHERE year = :last_year AND _eid IS NOT NULL
),
-- One scan of the year's declarations. A month without a figure does not count as covered.
tax_year AS (
  SELECT _eid,
    sum(revenue) AS revenue,
    sum(tax_paid) AS tax_paid,
    coalesce(sum(covers) FILTER (WHERE revenue IS NOT NULL), 0) AS revenue_months,
    coalesce(sum(covers) FILTER (WHERE tax_paid IS NOT NULL), 0) AS tax_months,
    max(month) FILTER (WHERE revenue > 0) AS last_income,
    count(*) - count(revenue) AS revenues_unknown
  FROM (
    SELECT *, CASE period WHEN 'quarter' THEN 3 WHEN 'half_year' THEN 6 WHEN 'year' THEN 12 ELSE 1 END AS covers
    FROM tax_month
    WHERE month BETWEEN :last_year_start AND :last_december
  ) t
  GROUP BY _eid
),
december AS (
  SELECT _eid, uscc, persons, account_no FROM insured WHERE month = :last_december AND insurance = 'pension'
),
own_staff AS (
  SELECT _eid, sum(persons) AS persons, count(*) - count(persons) AS unknown
  FROM december WHERE _eid IS NOT NULL
  GROUP BY _eid
),
branch_staff AS (
  SELECT b.parent_uscc, sum(i.persons) AS persons, count(*) - count(i.persons) AS unknown
  FROM december i JOIN enterprise b ON b.uscc = i.uscc
  WHERE b.parent_uscc IS NOT NULL
  GROUP BY b.parent_uscc
),
filed AS (
  SELECT f._eid, f.uscc, f.status, f.status_changed_on, f.suspended_from, f.parent_uscc, f.months_due,
    r.year, r.published_on, r.revenue, r.tax_paid, r.assets, r.liabilities, r.equity, r.operating_status, r.insured_pension,
    coalesce(t.revenue, 0) AS declared_revenue,
    coalesce(t.tax_paid, 0) AS declared_tax,
    -- With months missing nothing is compared.
    CASE WHEN coalesce(t.revenue_months, 0) >= f.months_due THEN r.revenue END AS full_revenue,
    CASE WHEN coalesce(t.tax_months, 0) >= f.months_due THEN r.tax_paid END AS full_tax,
    t.last_income,
    coalesce(t.revenues_unknown, 0) AS revenues_unknown
  FROM firm f
  JOIN report r ON r._eid = f._eid
  LEFT JOIN tax_year t ON t._eid = f._eid
)
SELECT 'NB-01' AS check_id, f._eid, ':last_year' AS about
FROM firm f
WHERE :as_of > :report_due
  AND year(f.established_on) <= :last_year
  AND NOT (f.status = 'moved_out' OR (f.status IN ('deregistered', 'revoked', 'annulled') AND f.status_changed_on < :report_due))
  AND NOT EXISTS (SELECT 1 FROM annual_report r WHERE r._eid = f._eid AND (r.year = :last_year OR r.year IS NULL))
UNION ALL
SELECT 'NB-02', _eid, ':last_year'
FROM filed
WHERE published_on > :report_due
UNION ALL
SELECT 'NB-03', f._eid, ':last_year'
FROM filed f
LEFT JOIN own_staff o ON o._eid = f._eid
LEFT JOIN branch_staff b ON b.parent_uscc = f.uscc
WHERE EXISTS (SELECT 1 FROM insured WHERE month = :last_december)
  -- A branch without an account of its own is insured through its parent.
  AND NOT (f.parent_uscc IS NOT NULL AND o._eid IS NULL)
  AND coalesce(o.unknown, 0) = 0 AND coalesce(b.unknown, 0) = 0
  AND abs(f.insured_pension - coalesce(o.persons, 0)) > greatest(0.1 * coalesce(o.persons, 0), 3)
  AND abs(f.insured_pension - coalesce(o.persons, 0) - coalesce(b.persons, 0))
    > greatest(0.1 * (coalesce(o.persons, 0) + coalesce(b.persons, 0)), 3)
UNION ALL
SELECT 'NB-04', _eid, ':last_year'
FROM filed
WHERE abs(full_revenue - declared_revenue) > greatest(0.05 * abs(declared_revenue), 100000)
UNION ALL
SELECT 'NB-05', _eid, ':last_year'
FROM filed
WHERE abs(full_tax - declared_tax) > greatest(0.05 * abs(declared_tax), 100000)
UNION ALL
SELECT 'NB-06', _eid, ':last_year'
FROM filed
WHERE abs(assets - (liabilities + equity)) > 100
UNION ALL
SELECT 'NB-07', _eid, ':last_year'
FROM filed
WHERE (operating_status = 'open' AND status IN ('revoked', 'deregistered') AND status_changed_on <= :last_year_end)
  OR (operating_status IN ('suspended', 'liquidation') AND revenues_unknown = 0
    AND last_income > coalesce(date_trunc('month', suspended_from), DATE '1900-01-01'))
UNION ALL
-- [domain
SELECT 'NB-08', f._eid, ':last_year'
FROM firm f
JOIN report r ON r._eid = f._eid
JOIN tax_registration t ON t._eid = f._eid
WHERE f.status = 'active'
  -- Cluster registration, hosted addresses and filed further sites: post goes elsewhere by design.
  AND NOT contains(f.address, '集群') AND NOT contains(f.address, '托管') AND f.multi_site IS NULL
  AND r.contact_address__door IS NOT NULL
  -- Most addresses are written alike: that is asked first, and cheaply.
  AND r.contact_address__parts <> f.address__parts
  AND r.contact_address__parts <> t.address__parts
  AND r.contact_address__parts <> t.production_address__parts
  AND address_level(r.contact_address__parts, f.address__parts) > 2
  AND NOT same_building(r.contact_address__parts, f.address__parts)
  AND NOT same_building(r.contact_address__parts, t.address__parts)
  AND NOT same_building(r.contact_address__parts, t.production_address__parts)
  AND NOT EXISTS (SELECT 1 FROM enterprise b WHERE b.parent_uscc = f.uscc AND b.address__door = r.contact_address__door)
  AND NOT EXISTS (SELECT 1 FROM discharge_permit p WHERE p._eid = f._eid AND p.production_address__door = r.contact_address__door)
UNION ALL
-- domain]
SELECT 'NB-09', _eid, ':last_year'
FROM filed
WHERE (declared_revenue > 0
    AND (abs(full_revenue - declared_revenue * 10000) <= 0.02 * declared_revenue * 10000
      OR abs(full_revenue - declared_revenue / 10000) <= 0.02 * declared_revenue / 10000))
  OR (declared_tax > 0
    AND (abs(full_tax - declared_tax * 10000) <= 0.02 * declared_tax * 10000
      OR abs(full_tax - declared_tax / 10000) <= 0.02 * declared_tax / 10000))
UNION ALL
SELECT 'NB-10', f._eid, l.licence_no
FROM firm f
JOIN licence_list l ON l._eid = f._eid
LEFT JOIN workdays w ON w.day = l.decided_on
WHERE f.status IN ('active', 'suspended')
  AND l.decided_on >= DATE '2014-10-01'
  -- The second condition answers for decisions older than the calendar of holidays.
  AND ((SELECT n FROM workdays WHERE day = :as_of) - w.n > 20 OR :as_of - l.decided_on > 60)
  AND NOT l.disclosed AND l.disclosed_on IS NULL
UNION ALL
SELECT 'NB-11', e._eid, ''
FROM enterprise e
LEFT JOIN report r ON r._eid = e._eid AND r.paid_in_currency = e.capital_currency
WHERE e.entity_type IN ('limited', 'foreign_limited', 'joint_stock')
  AND e.status IN ('active', 'suspended')
  AND ((r.paid_in > e.registered_capital
      -- Capital reduced since: then less than was paid in may be registered now.
      AND NOT EXISTS (
        SELECT 1 FROM registry_change c
        WHERE c._eid = e._eid AND c.item = 'capital' AND (c.changed_on >= :year_start OR c.changed_on IS NULL)
      ))
    OR (e.entity_type IN ('limited', 'foreign_limited')
      AND e.established_on >= DATE '2024-07-01'
      AND e.capital_due_on > add_years(e.established_on, 5)))
