import pytest
from tests.support.cli import memory_cli

from phoenix.cli.errors import InputFileNotFoundError, UsageError
from phoenix.cli.evaluation.pricing import PricingOptions, read_pricing
from phoenix.decide.errors import AccountUsageInvalidError, PriceSheetInvalidError


def test_without_options_the_shipped_vendors_at_the_margin():
    pricing = read_pricing(memory_cli(), PricingOptions())
    assert (pricing.hosts, pricing.account) == (None, None)
    assert len(pricing.vendors) == 10


def test_prices_and_account_may_be_files(tmp_path):
    prices, account = tmp_path / "prices.yaml", tmp_path / "account.yaml"
    prices.write_text("vendors: {grafana-cloud: {charges: {series: {price: 4}}}}\n")
    account.write_text("series: [1k, 2k]\n")
    pricing = read_pricing(memory_cli(), PricingOptions(5, (str(account),), str(prices)))
    assert pricing.hosts == 5
    assert pricing.account is not None
    assert list(pricing.account.series_counts or ()) == [1000, 2000]
    assert pricing.vendors["grafana-cloud"].charges["series"].price == 4


def test_what_is_wrong_is_refused_with_its_place(tmp_path):
    prices = tmp_path / "prices.yaml"
    prices.write_text("vendors: {grafana-cloud: {charges: {series: {price: -4}}}}\n")
    cli = memory_cli()
    with pytest.raises(PriceSheetInvalidError, match=r"prices.yaml:1:46: "):
        read_pricing(cli, PricingOptions(prices=str(prices)))
    with pytest.raises(InputFileNotFoundError):
        read_pricing(cli, PricingOptions(prices="none.yaml"))
    with pytest.raises(AccountUsageInvalidError):
        read_pricing(cli, PricingOptions(account_usage=("series=many",)))
    with pytest.raises(UsageError, match="beside something else"):
        read_pricing(cli, PricingOptions(account_usage=("account.yaml", "series=1")))
