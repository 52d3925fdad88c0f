package channeltest

import (
	"cmp"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// lineChecks: what is to be bought arrives line by line, and to the cent.
func lineChecks() []Check {
	return []Check{
		{"an order of 120 lines arrives whole", "Lists inside an order have pages too: a platform that gives the first fifty lines keeps the rest until it is asked.", manyLines},
		{"a line whose product was deleted arrives", "A line without a SKU is for a person to map. Left out, the buyer pays for what nobody sends.", deletedProduct},
		{"two lines of one product stay two", "They have their own ids, prices and refunds, and tracking is told by line: merged or keyed by SKU, one of them is lost.", sameProduct},
		{"a free line arrives", "A gift is a line with a total of 0.00, and it is sent like any other.", freeLine},
		{"an order without lines is survived", "Plugins make orders of fees alone. Such an order arrives like any other, or with a defect.", noLines},
		{"pieces shipped before the first reading are told", "A merchant who sent two of three pieces by hand must not have three bought: Shipped counts what has left, by whomever, and holds the order.", shippedBefore},
		{"long ids arrive digit by digit", "An id is text, also where it looks like a number: a float keeps 53 bits of it and prints large ones with an exponent, and a small integer overflows. Tracking then goes to another order, or to none.", longIDs},
		{"amounts arrive to the cent", "Amounts go from text to decimal. A binary float in between, or a rounding on the way, shows at large amounts and odd cents.", exactAmounts},
		{"amounts of other currencies keep their decimals", "The yen has no decimals and the dinar three: 1000 yen are not 10.", otherCurrencies},
	}
}

// line is the n-th of an endless row of lines, each with a price of its own.
func line(n int) mip.Line {
	g := goods[n%len(goods)]
	return mip.Line{SKU: g.sku, Title: g.title, Quantity: 1 + n%3, Total: mip.EUR(int64(10_00 + n*7))}
}

// basket is an order with these lines, which add up.
func basket(lines ...mip.Line) mip.Facts {
	f := Order(2)
	f.Lines, f.Total = lines, f.Postage
	for _, l := range lines {
		f.Total, _ = f.Total.Add(l.Total)
	}
	return f
}

func manyLines(p *probe) error {
	if why, no := p.Cannot[ManyLines]; no {
		return skip(why)
	}
	var lines []mip.Line
	for n := range 120 {
		l := line(n)
		l.SKU = fmt.Sprintf("S1%06d", n)
		lines = append(lines, l)
	}
	if err := p.arrive(basket(lines...), Order(1)); err != nil {
		return err
	}
	return p.alsoAlone(basket(lines...))
}

// alsoAlone fetches a new order by its id.
func (p *probe) alsoAlone(f mip.Facts) error {
	g, ok := p.Channel.(mip.Getter)
	if !ok {
		return nil
	}
	kept, err := p.put(f)
	if err != nil {
		return err
	}
	p.settle()
	got, err := g.Order(p.ctx, kept.Ref.ID)
	if err != nil {
		return fmt.Errorf("fetched by its id: %w", err)
	}
	return differ(kept, got)
}

func deletedProduct(p *probe) error {
	gone := line(1)
	gone.SKU = ""
	kept, got, err := p.among(Sale{Facts: basket(line(0), gone, line(2)), Quirk: NoProduct})
	if err != nil {
		return err
	}
	if len(got.Defects) > 0 {
		return fmt.Errorf("a product that was deleted became a defect at %q: a missing SKU is for the rules", got.Defects[0].Path)
	}
	return differ(kept, got)
}

func sameProduct(p *probe) error {
	one, two := line(0), line(0)
	two.Quantity, two.Total = 2, mip.EUR(31_00)
	kept, got, err := p.among(Sale{Facts: basket(one, two), Quirk: SameProduct})
	if err != nil {
		return err
	}
	if err := differ(kept, got); err != nil {
		return err
	}
	s := shipped(parcel(kept, 1)) // the second line alone
	if err := p.tell(kept, s); err != nil {
		return err
	}
	return p.tell(kept, s)
}

func freeLine(p *probe) error {
	gift := line(3)
	gift.Total = mip.EUR(0)
	return p.arrive(basket(line(0), gift), basket(gift, line(1)))
}

func shippedBefore(p *probe) error {
	shop, ok := p.Shop.(Sender)
	if !ok {
		return skip("the world does not tell of single pieces that somebody shipped")
	}
	three := line(2)
	kept, err := p.put(basket(three, line(0), line(1)))
	if err != nil {
		return err
	}
	p.settle()
	shop.ShipOutside(kept.Ref.ID, kept.Lines[0].ID, 2)
	p.settle()
	r, err := p.all("")
	if err != nil {
		return err
	}
	all := map[string]mip.Facts{"in the list": r.orders[kept.Ref.ID]}
	if g, ok := p.Channel.(mip.Getter); ok {
		if all["by its id"], err = g.Order(p.ctx, kept.Ref.ID); err != nil {
			return err
		}
	}
	kept.UpdatedAt = time.Time{}
	for where, got := range all {
		if err := differ(kept, got); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
		for i, want := range []int{2, 0, 0} {
			if n := got.Lines[i].Shipped; n != want {
				return fmt.Errorf("%s: %d of %d pieces of line %d were shipped by hand, but it says %d", where, want, got.Lines[i].Quantity, i+1, n)
			}
		}
	}
	return nil
}

func noLines(p *probe) error {
	kept, got, err := p.among(Sale{Facts: basket(), Quirk: NoLines})
	if err != nil || len(got.Defects) > 0 {
		return err
	}
	return differ(kept, got)
}

func longIDs(p *probe) error {
	shop, ok := p.Shop.(Numberer)
	if why, no := p.Cannot[LongIDs]; no || !ok {
		return skip(cmp.Or(why, "the ids of this world cannot be chosen"))
	}
	shop.NumberAbove(1 << 53)
	if err := p.arrive(basket(line(0), line(1)), basket(line(2))); err != nil {
		return err
	}
	return p.alsoAlone(basket(line(3)))
}

func exactAmounts(p *probe) error {
	var all []mip.Facts
	for _, cents := range []int64{1, 9, 10, 99, 5_05, 19_99, 1_234_567_89, 99_999_999_99} {
		l := line(0)
		l.Quantity, l.Total = 3, mip.EUR(cents) // a third of it is no amount
		all = append(all, basket(l, line(1)))
	}
	return p.arrive(all...)
}

func otherCurrencies(p *probe) error {
	s, ok := p.Shop.(Seller)
	if !ok {
		return skip("the world sells in one currency")
	}
	want := map[string]mip.Facts{}
	for _, currency := range s.Currencies() {
		one, err := mip.ParseMoney("1000", currency)
		if err != nil {
			return fmt.Errorf("the world's currency: %w", err)
		}
		f := Order(2)
		f.Lines = []mip.Line{{SKU: goods[0].sku, Title: goods[0].title, Quantity: 2, Total: one.Times(3)}}
		f.Postage, f.Total = one, one.Times(4)
		kept, err := p.put(f)
		if err != nil {
			return err
		}
		want[kept.Ref.ID] = kept
		time.Sleep(time.Minute)
	}
	p.settle()
	r, err := p.all("")
	if err != nil {
		return err
	}
	if err := same(want, r.orders); err != nil {
		return err
	}
	return whole(r.orders, want)
}
