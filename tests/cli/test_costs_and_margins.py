"""Flags of costs, interest and margins: what they show, what they refuse, what they change."""

import csv
import json

import pytest


@pytest.fixture
def synthetic(tickwerk, tmp_path):
    result = tickwerk("data", "synth", "--symbols-count", 12, "--sessions", 260, "--out", "synthetic.csv")
    assert result.code == 0, result.err
    return tmp_path / "synthetic.csv"


def shown(tickwerk, *arguments):
    result = tickwerk("backtest", "--show-config", "--format", "json", *arguments)
    assert result.code == 0, result.err
    return {key: found["value"] for key, found in json.loads(result.out).items()}


def test_defaults_are_those_of_the_rules(tickwerk):
    settings = shown(tickwerk)
    wanted = {
        "cost_model": "linear",
        "impact_coef": "1",
        "participation_cap": "0",
        "cash_rate": "0",
        "allow_short": "false",
        "borrow_fee": "0.005",
        "initial_margin": "0.5",
        "maintenance_margin": "0.3",
    }
    assert {key: settings[key] for key in wanted} == wanted


def test_no_costs_leave_no_impact_of_any_model(tickwerk):
    settings = shown(tickwerk, "--cost-model", "sqrt", "--no-costs")
    assert (settings["impact_coef"], settings["no_costs"]) == ("0", "true")


def test_a_model_that_is_none_is_refused(refused):
    refused(2, ["linear", "sqrt", "'cubic'"], "backtest", "--cost-model", "cubic")


def test_a_maintenance_margin_above_the_initial_one_is_refused(refused, market):
    margins = ["--initial-margin", "0.3", "--maintenance-margin", "0.5"]
    refused(2, ["maintenance_margin must be", "found 0.5"], "backtest", "--prices", market(), *margins)


def run(tickwerk, prices, name, *flags):
    result = tickwerk("backtest", "--prices", prices, "--output", name, "--format", "json", *flags)
    assert result.code == 0, result.err
    with (prices.parent / name / "trades_1d.csv").open(newline="") as file:
        trades = list(csv.DictReader(file))
    return json.loads(result.out)["metrics"], trades


def test_the_square_root_model_costs_by_the_order(tickwerk, synthetic):
    small, _ = run(tickwerk, synthetic, "small", "--cost-model", "sqrt", "--start-capital", "1e5")
    large, trades = run(tickwerk, synthetic, "large", "--cost-model", "sqrt", "--start-capital", "1e8")
    assert small["cost_paid_bps"] < large["cost_paid_bps"]
    assert small["trading"]["impact_capped"] < large["trading"]["impact_capped"]
    worst = max(float(t["slippage_cash"]) / float(t["fill_qty"]) / float(t["price"]) for t in trades if t["price"])
    assert worst == pytest.approx(50e-4, rel=1e-12)
    assert large["configuration"]["impact_coef"] == "1"
    assert "impact_w" not in large["configuration"]


def test_the_participation_cap_fills_a_part(tickwerk, synthetic):
    metrics, trades = run(tickwerk, synthetic, "capped", "--participation-cap", "1e-6", "--start-capital", "1e6")
    assert metrics["trading"]["participation_capped"] > 0
    assert any(t["status"] == "partial" and 0 < float(t["fill_qty"]) < float(t["qty"]) for t in trades)


def test_interest_is_reported_apart_from_costs(tickwerk, synthetic):
    metrics, _ = run(tickwerk, synthetic, "interest", "--cash-rate", "0.05", "--gross", "0.5")
    plain, _ = run(tickwerk, synthetic, "plain", "--gross", "0.5")
    assert plain["interest"] == 0 < metrics["interest"]
    assert metrics["end_equity"] > plain["end_equity"]
    report = (synthetic.parent / "interest" / "performance_report_1d.md").read_text()
    assert "interest on cash" in report
    assert "borrowed" not in report


def test_costs_that_read_volume_need_it(refused, tmp_path):
    path = tmp_path / "closes.csv"
    days = [f"2024-01-{day:02d}" for day in range(2, 30)]
    path.write_text("timestamp,symbol,close\n" + "".join(f"{day},AAA,10\n" for day in days))
    close_only = ["backtest", "--prices", path, "--fill", "same_close"]
    refused(3, ["'volume'", "cost_model sqrt"], *close_only, "--cost-model", "sqrt")
    refused(3, ["'volume'", "participation_cap"], *close_only, "--participation-cap", "0.1")
