package paypaltest

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// addsUp checks the amount of a unit against its parts.
func (u *unitForm) addsUp(at, currency string) *refusal {
	total, _ := (&form{}).money("", &u.Amount.moneyForm)
	if no := judge(total, at+"/amount", false, false); no != nil {
		return no
	}
	if total.currency != currency {
		return unprocessable("MULTI_CURRENCY_ORDER", at+"/amount/currency_code")
	}
	sum := decimal.Zero
	for _, name := range sorted(u.Amount.Breakdown) {
		m := u.Amount.Breakdown[name]
		part, _ := (&form{}).money("", &m)
		if no := judge(part, at+"/amount/breakdown/"+name, true, false); no != nil {
			return no
		}
		if part.currency != currency {
			return unprocessable("MULTI_CURRENCY_ORDER", at+"/amount/breakdown/"+name+"/currency_code")
		}
		if name == "discount" || name == "shipping_discount" {
			part.value = part.value.Neg()
		}
		sum = sum.Add(part.value)
	}
	if no := u.itemsAddUp(at, currency); no != nil {
		return no
	}
	if len(u.Amount.Breakdown) > 0 && !sum.Equal(total.value) {
		return unprocessable("AMOUNT_MISMATCH", at+"/amount/value")
	}
	return nil
}

func (u *unitForm) itemsAddUp(at, currency string) *refusal {
	if len(u.Items) == 0 {
		return nil
	}
	items, taxes, taxed := decimal.Zero, decimal.Zero, false
	for i, item := range u.Items {
		count := decimal.RequireFromString(*item.Quantity)
		price, _ := (&form{}).money("", item.Unit)
		if no := judge(price, fmt.Sprintf("%s/items/%d/unit_amount", at, i), true, false); no != nil {
			return no
		}
		if price.currency != currency {
			return unprocessable("MULTI_CURRENCY_ORDER", fmt.Sprintf("%s/items/%d/unit_amount/currency_code", at, i))
		}
		items = items.Add(price.value.Mul(count))
		if item.Tax != nil {
			tax, _ := (&form{}).money("", item.Tax)
			taxes, taxed = taxes.Add(tax.value.Mul(count)), true
		}
	}
	if no := u.partIs("item_total", "ITEM_TOTAL", at, items); no != nil {
		return no
	}
	if taxed {
		return u.partIs("tax_total", "TAX_TOTAL", at, taxes)
	}
	return nil
}

func (u *unitForm) partIs(part, issue, at string, want decimal.Decimal) *refusal {
	m, has := u.Amount.Breakdown[part]
	if !has {
		return unprocessable(issue+"_REQUIRED", at+"/amount/breakdown/"+part)
	}
	if got, _ := (&form{}).money("", &m); !got.value.Equal(want) {
		return unprocessable(issue+"_MISMATCH", at+"/amount/breakdown/"+part+"/value")
	}
	return nil
}
