"""Checks of three themes as a data analyst would write them in pandas, over the typed tables as Parquet.

Arguments: the directory of Parquet files, the day of the run. Prints one JSON object. With a third argument `pandera` the
checks that a schema over one joined table can hold are left to that library.
"""

import json
import resource
import sys
import time

import pandas as pd

AS_OF = pd.Timestamp(sys.argv[2])
LAST_YEAR = AS_OF.year - 1
DUE = pd.Timestamp(AS_OF.year, 6, 30)
DECEMBER = pd.Timestamp(LAST_YEAR, 12, 1)
MONTH = AS_OF.replace(day=1)
LAST_MONTH = MONTH - pd.DateOffset(months=1)
COVERS = {"quarter": 3, "half_year": 6, "year": 12}

TABLES = {
    "enterprise": ["_eid", "uscc", "status", "status_changed_on", "suspended_from", "established_on", "parent_uscc",
                   "entity_type", "registered_capital", "capital_currency", "capital_due_on", "industry"],
    "annual_report": ["_eid", "year", "published_on", "operating_status", "insured_pension", "revenue", "tax_paid", "assets",
                      "liabilities", "equity", "paid_in", "paid_in_currency"],
    "tax_month": ["_eid", "month", "period", "revenue", "tax_paid", "payroll"],
    "insured": ["_eid", "uscc", "month", "insurance", "persons", "arrears_months", "account_no"],
    "registry_change": ["_eid", "item", "changed_on"],
    "tax_registration": ["_eid", "status", "industry"],
    "staff_filing": ["_eid", "month", "persons"],
    "hazchem_licence": ["_eid", "valid_to", "status"],
    "safety_staff": ["_eid", "name", "role", "id_no", "valid_to"],
    "insured_person": ["_eid", "uscc", "id_no", "month"],
}


def read(directory):
    return {t: pd.read_parquet(f"{directory}/{t}.parquet", columns=columns) for t, columns in TABLES.items()}


def differs(a, b, ratio, least):
    """More apart than the greater of a share of b and a fixed amount; False where one is not known."""
    return (a - b).abs() > (b.abs() * ratio).clip(lower=least)


class Found:
    def __init__(self):
        self.rows = []

    def add(self, check, frame, about=""):
        abouts = [about] * len(frame) if isinstance(about, str) else about
        self.rows += [f"{check} {eid} {what}" for eid, what in zip(frame["_eid"], abouts)]


def filed_reports(t):
    """Last year's reports of those who must file, with what tax says of the same year."""
    e = t["enterprise"]
    firm = e[~e["uscc"].str[:2].isin(["92", "93"])].copy()
    young = firm["established_on"].dt.year == LAST_YEAR
    firm["months_due"] = (12 - firm["established_on"].dt.month).where(young, 12)
    r = t["annual_report"]
    report = r[(r["year"] == LAST_YEAR) & r["_eid"].notna()]
    m = t["tax_month"]
    m = m[m["month"].dt.year == LAST_YEAR].copy()
    m["covers"] = m["period"].map(COVERS).fillna(1)
    m["revenue_covers"] = m["covers"].where(m["revenue"].notna(), 0)
    m["tax_covers"] = m["covers"].where(m["tax_paid"].notna(), 0)
    m["income_month"] = m["month"].where(m["revenue"] > 0)
    m["no_revenue"] = m["revenue"].isna()
    year = m.groupby("_eid").agg(declared_revenue=("revenue", "sum"), declared_tax=("tax_paid", "sum"),
                                 revenue_months=("revenue_covers", "sum"), tax_months=("tax_covers", "sum"),
                                 last_income=("income_month", "max"), unknown=("no_revenue", "sum"))
    filed = firm.merge(report, on="_eid").merge(year, on="_eid", how="left")
    for column in ["declared_revenue", "declared_tax", "revenue_months", "tax_months", "unknown"]:
        filed[column] = filed[column].fillna(0)
    filed["full_revenue"] = filed["revenue"].where(filed["revenue_months"] >= filed["months_due"])
    filed["full_tax"] = filed["tax_paid"].where(filed["tax_months"] >= filed["months_due"])
    return firm, report, filed


def unit_error(value, declared):
    up, down = declared * 10000, declared / 10000
    return (declared > 0) & (((value - up).abs() <= 0.02 * up) | ((value - down).abs() <= 0.02 * down))


def annual_reports(t, found):
    year = str(LAST_YEAR)
    firm, report, filed = filed_reports(t)
    gone = (firm["status"] == "moved_out") | (firm["status"].isin(["deregistered", "revoked", "annulled"])
                                              & ~(firm["status_changed_on"] >= DUE))
    owed = firm[(firm["established_on"].dt.year <= LAST_YEAR) & ~gone & ~firm["_eid"].isin(report["_eid"])]
    if AS_OF > DUE:
        found.add("NB-01", owed, year)
    found.add("NB-02", filed[filed["published_on"] > DUE], year)

    i = t["insured"]
    december = i[(i["month"] == DECEMBER) & (i["insurance"] == "pension")]
    own = december.groupby("_eid", as_index=False).agg(own=("persons", "sum"))
    e = t["enterprise"]
    branches = e[e["parent_uscc"].notna()][["uscc", "parent_uscc"]]
    staff = december.merge(branches, on="uscc").groupby("parent_uscc")["persons"].sum().rename("branch")
    f = filed.merge(own, on="_eid", how="left").merge(staff, left_on="uscc", right_on="parent_uscc", how="left")
    by_parent = f["parent_uscc"].notna() & f["own"].isna()
    f["own"] = f["own"].fillna(0)
    f["all"] = f["own"] + f["branch"].fillna(0)
    wrong = differs(f["insured_pension"], f["own"], 0.1, 3) & differs(f["insured_pension"], f["all"], 0.1, 3)
    found.add("NB-03", f[~by_parent & wrong], year)

    nine = unit_error(filed["full_revenue"], filed["declared_revenue"]) | unit_error(filed["full_tax"], filed["declared_tax"])
    found.add("NB-04", filed[differs(filed["full_revenue"], filed["declared_revenue"], 0.05, 100000)], year)
    found.add("NB-05", filed[differs(filed["full_tax"], filed["declared_tax"], 0.05, 100000)], year)
    found.add("NB-06", filed[(filed["assets"] - filed["liabilities"] - filed["equity"]).abs() > 100], year)
    dead = ((filed["operating_status"] == "open") & filed["status"].isin(["revoked", "deregistered"])
            & (filed["status_changed_on"] <= pd.Timestamp(LAST_YEAR, 12, 31)))
    since = filed["suspended_from"].dt.to_period("M").dt.to_timestamp().fillna(pd.Timestamp("1900-01-01"))
    earning = (filed["operating_status"].isin(["suspended", "liquidation"]) & (filed["unknown"] == 0)
               & (filed["last_income"] > since))
    found.add("NB-07", filed[dead | earning], year)
    found.add("NB-09", filed[nine], year)

    e = e[e["entity_type"].isin(["limited", "foreign_limited", "joint_stock"]) & e["status"].isin(["active", "suspended"])]
    e = e.merge(report[["_eid", "paid_in", "paid_in_currency"]], left_on=["_eid", "capital_currency"],
                right_on=["_eid", "paid_in_currency"], how="left")
    c = t["registry_change"]
    reduced = c[(c["item"] == "capital") & ~(c["changed_on"] < pd.Timestamp(AS_OF.year, 1, 1))]["_eid"]
    over = (e["paid_in"] > e["registered_capital"]) & ~e["_eid"].isin(reduced)
    late = (e["entity_type"].isin(["limited", "foreign_limited"]) & (e["established_on"] >= pd.Timestamp("2024-07-01"))
            & (e["capital_due_on"] > e["established_on"] + pd.DateOffset(years=5)))
    found.add("NB-11", e[over | late])


def social_insurance(t, found):
    e, i, m = t["enterprise"], t["insured"], t["tax_month"]
    i = i[i["_eid"].notna()]
    half = m[(m["month"] > LAST_MONTH - pd.DateOffset(months=6)) & (m["month"] <= LAST_MONTH)].copy()
    payroll = half[half["month"] == LAST_MONTH].groupby("_eid")["payroll"].max()
    half["months"] = half["period"].map({"quarter": 3}).fillna(1).where(half["revenue"] > 0, 0)
    half["unknown"] = half["revenue"].isna()
    sales = half.groupby("_eid").agg(months=("months", "sum"), unknown=("unknown", "sum"))

    now = i[i["month"] == LAST_MONTH]
    pension = now[now["insurance"] == "pension"].groupby("_eid")["persons"].sum().rename("pension")
    before = i[(i["insurance"] == "pension") & (i["month"] >= LAST_MONTH - pd.DateOffset(months=3)) & (i["month"] < LAST_MONTH)]
    earlier = before.groupby("_eid").agg(earlier=("persons", "sum"), earlier_months=("month", "nunique"))
    window = i[(i["month"] > LAST_MONTH - pd.DateOffset(months=6)) & (i["month"] <= LAST_MONTH)]
    somebody = window[~(window["persons"] <= 0)]["_eid"].unique()

    f = e.set_index("_eid", drop=False).rename_axis(None)
    f = f.join(payroll).join(sales).join(pension).join(earlier)
    has_account = f["_eid"].isin(i["_eid"])
    active = f["status"] == "active"
    parent_insured = f["parent_uscc"].notna() & f["parent_uscc"].isin(i["uscc"])
    found.add("SB-01", f[active & (f["established_on"] + pd.Timedelta(days=30) < AS_OF) & (f["payroll"] > 0)
                         & ~has_account & ~parent_insured])
    exempt = t["staff_filing"][t["staff_filing"]["month"] == LAST_MONTH].groupby("_eid")["persons"].sum()
    gap = f["payroll"] - f["_eid"].map(exempt).fillna(0) - f["pension"]
    found.add("SB-02", f[active & (f["payroll"] > 0) & (gap > (0.2 * f["payroll"]).clip(lower=3))])
    owing = now[now["arrears_months"] >= 1]["_eid"].unique()
    found.add("SB-03", f[f["status"].isin(["active", "suspended"]) & f["_eid"].isin(owing)])
    found.add("SB-04", f[active & f["parent_uscc"].isna() & (f["months"] >= 6) & (f["unknown"] == 0)
                         & ~f["_eid"].isin(somebody)])
    mean = f["earlier"] / 3
    found.add("SB-05", f[active & (f["earlier_months"] == 3) & (f["pension"] < 0.5 * mean) & (mean - f["pension"] >= 10)])

    division = f["industry"].str[:2]
    w = t["hazchem_licence"]
    licensed = w[(w["valid_to"] >= AS_OF) & (w["status"].isna() | (w["status"] == "valid"))]["_eid"]
    risky = division.between("06", "43") | division.isin(["47", "48", "59"]) | f["_eid"].isin(licensed)
    some = now["persons"] > 0
    covered = now[(now["insurance"] == "pension") & some]["_eid"].unique()
    injury = now[(now["insurance"] == "injury") & ~(now["persons"] <= 0)]["_eid"].unique()
    known = (f["_eid"].isin(now["_eid"]) & ~f["_eid"].isin(injury)) | ~has_account
    found.add("SB-07", f[active & risky & (f["_eid"].isin(covered) | (f["payroll"] > 0))
                         & ~(f["parent_uscc"].notna() & ~has_account) & known])

    o = t["safety_staff"]
    o = o[(o["valid_to"].isna() | (o["valid_to"] >= AS_OF)) & (o["role"] != "special") & o["id_no"].notna()]
    o = o.merge(f.loc[active, ["_eid", "parent_uscc"]], on="_eid")
    people = t["insured_person"]
    people = people[people["month"] == LAST_MONTH]
    o = o[o["_eid"].isin(people["_eid"])]
    here = pd.MultiIndex.from_frame(o[["_eid", "id_no"]]).isin(pd.MultiIndex.from_frame(people[["_eid", "id_no"]]))
    parent = pd.MultiIndex.from_frame(o[["parent_uscc", "id_no"]]).isin(pd.MultiIndex.from_frame(people[["uscc", "id_no"]]))
    o = o[~here & ~parent]
    found.add("SB-08", o, o["name"].fillna("?") + " / " + o["role"].fillna("?"))


def entity_status(t, found):
    e, m, i = t["enterprise"], t["tax_month"], t["insured"]
    x = t["tax_registration"]
    x = x[x["_eid"].notna()].rename(columns={"status": "tax_status", "industry": "tax_industry"})
    f = e.merge(x, on="_eid", how="left", indicator=True)
    live = f["status"].isin(["active", "suspended"])
    found.add("ZT-04", f[(f["status"] == "active") & (f["tax_status"] == "abnormal")])
    dead = e[e["status"] == "deregistered"][["_eid", "status_changed_on"]]
    declared = m[(m["revenue"] > 0) | (m["tax_paid"] > 0) | (m["payroll"] > 0)].merge(dead, on="_eid")
    staffed = i[i["persons"] > 0].merge(dead, on="_eid")
    late = pd.concat([x[x["month"] > x["status_changed_on"]]["_eid"] for x in (declared, staffed)])
    found.add("ZT-05", dead[dead["_eid"].isin(late)])
    found.add("ZT-06", f[live & ((AS_OF - f["established_on"]).dt.days > 30) & (f["_merge"] == "left_only")])
    since = MONTH - pd.DateOffset(months=13)
    year = m[(m["month"] >= since) & (m["month"] < LAST_MONTH)].copy()
    year["covers"] = year["period"].map(COVERS).fillna(1)
    year["maybe"] = ~(year["revenue"] <= 0)
    year = year.groupby("_eid").agg(covers=("covers", "sum"), maybe=("maybe", "any"))
    dormant = year[(year["covers"] >= 12) & ~year["maybe"]].index
    people = i[(i["month"] >= since) & (i["month"] < LAST_MONTH) & ~(i["persons"] <= 0)]["_eid"]
    found.add("ZT-07", f[(f["status"] == "active") & f["suspended_from"].isna() & f["parent_uscc"].isna()
                         & f["_eid"].isin(dormant) & ~f["_eid"].isin(people)])
    a, b = f["industry"].str[:2], f["tax_industry"].str[:2]
    found.add("ZT-10", f[live & a.notna() & b.notna() & (a != b)])


def with_pandera(t, found):
    """Six checks that are about one row of one table, once pandas has joined it."""
    import pandera.pandas as pa

    year = str(LAST_YEAR)
    filed = filed_reports(t)[2].reset_index(drop=True)

    def rule(check, holds):
        return pa.Check(lambda df: ~holds(df), name=check)

    schema = pa.DataFrameSchema(checks=[
        rule("NB-02", lambda d: d["published_on"] > DUE),
        rule("NB-04", lambda d: differs(d["full_revenue"], d["declared_revenue"], 0.05, 100000)),
        rule("NB-05", lambda d: differs(d["full_tax"], d["declared_tax"], 0.05, 100000)),
        rule("NB-06", lambda d: (d["assets"] - d["liabilities"] - d["equity"]).abs() > 100),
        rule("NB-09", lambda d: unit_error(d["full_revenue"], d["declared_revenue"])
             | unit_error(d["full_tax"], d["declared_tax"])),
    ])
    try:
        schema.validate(filed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["check", "index"]].drop_duplicates()
        for check, rows in cases.groupby("check"):
            found.add(check, filed.loc[rows["index"].astype(int)], year)


def peak_rss():
    """The system's own figure first: getrusage may tell that of the process that started this one."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main():
    start = time.perf_counter()
    tables = read(sys.argv[1])
    loaded = time.perf_counter()
    found = Found()
    if sys.argv[3:] == ["pandera"]:
        import pandera

        version = f"{pandera.__version__}, pandas {pd.__version__}"
        with_pandera(tables, found)
    else:
        version = pd.__version__
        annual_reports(tables, found)
        social_insurance(tables, found)
        entity_status(tables, found)
    print(json.dumps({
        "version": version,
        "load": loaded - start,
        "compare": time.perf_counter() - loaded,
        "peakRss": peak_rss(),
        "found": sorted(set(found.rows)),
    }, ensure_ascii=False))


main()
