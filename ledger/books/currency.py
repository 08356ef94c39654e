"""The currencies of ISO 4217, list one, as published on 2026-01-01 by SIX for the ISO: how many decimals each has.

The table is copied here because CLDR gives the decimals that shops use, which differ from the standard's for thirteen currencies.
It leaves out codes without minor units (gold, test codes) and withdrawn codes: these take any exponent.
"""

from __future__ import annotations

_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
        CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
        KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
        NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
        TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG""",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENTS = {code: exponent for exponent, codes in _CODES.items() for code in codes.split()}


def why_not(unit: str, exponent: int) -> str:
    """What is wrong with a unit's exponent, as a sentence; "" if nothing is.

    A code in lower case is a unit of goods, such as `pen` or `cup`. It cannot have decimals, because it would then be money under
    another name.
    """
    code = unit.upper()
    known = EXPONENTS.get(code)
    if known is None or (unit == code and exponent == known) or (unit != code and not exponent):
        return ""
    if unit != code:
        return f"unit {unit!r}: with decimals it looks like the currency {code}; declare {code}, or goods with exponent 0"
    return f"unit {unit!r}: exponent {exponent} is wrong, because ISO 4217 gives {code} {known} decimals; declare {known}"


def in_other_case(unit: str) -> str:
    """The currency code that differs from this unit in case only; "" if there is none."""
    return unit.upper() if unit.islower() else unit.lower()
