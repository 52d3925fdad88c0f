package simtest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

// skus are what customers buy: from three warehouses, one from two of them.
var skus = []string{bigbuytest.SKULamp, bigbuytest.SKUMug, bigbuytest.SKUKettle, bigbuytest.SKUTowel, bigbuytest.SKUShirtSmall, bigbuytest.SKULamp}

func sku(n int) string { return skus[n%len(skus)] }

// customer lives at an address that can be delivered to.
func customer(n int) wootest.Address {
	a := wootest.Madrid()
	a.FirstName, a.LastName = canary, canary+" Vogel"
	a.Address1, a.Address2 = "Calle "+canary+" "+strconv.Itoa(1+n%90), ""
	a.Email = strings.ToLower(canary) + "@example.test"
	return a
}

// actAtShop is what customers and shopkeepers do; false = none of theirs.
func (w *world) actAtShop(p *program, a action) bool {
	if strings.HasPrefix(a.kind, "buy") {
		w.buy(a)
		return true
	}
	s := w.sale(a.b)
	change := map[string]func(){
		"readdress":      func() { s.shop.srv.EditAddress(s.id, customer(a.c)) },
		"cancel at shop": func() { s.shop.srv.SetStatus(s.id, "cancelled") },
		"pause at shop":  func() { s.shop.srv.SetStatus(s.id, "on-hold") },
		"resume at shop": func() { s.shop.srv.SetStatus(s.id, "processing") },
		"trash":          func() { s.shop.srv.Trash(s.id) },
		"restore":        func() { s.shop.srv.Restore(s.id) },
		"refund":         func() { s.shop.srv.Refund(s.id, nil) },
		"refund piece":   func() { w.refundPiece(s) },
		"import":         func() { w.heard(p.eng.Import(p.Context(), s.ref)) },
		"late news":      func() { w.lateNews(p, s, a) },
	}[a.kind]
	if change != nil && s != nil {
		change()
	}
	if s != nil && slices.Contains([]string{"cancel at shop", "pause at shop", "resume at shop", "trash", "restore", "refund", "refund piece"}, a.kind) {
		w.mu.Lock()
		s.touched = time.Now()
		w.mu.Unlock()
	}
	return change != nil
}

// buy lets a customer order one to three kinds of goods.
func (w *world) buy(a action) {
	shop := w.shops[a.a%len(w.shops)]
	to := customer(a.c)
	o := wootest.Order{CustomerNote: canary}
	switch a.kind {
	case "buy long":
		to.Address2 = strings.Repeat(canary+" ", 8)
	case "buy postcode":
		to.Postcode = "2801"
	case "buy pending":
		o.Status = "pending"
	}
	o.Billing, o.Shipping = to, to
	wanted := map[string]int{}
	for i := range 1 + a.b%3 {
		line := wootest.Line{SKU: sku(a.c/7 + i*(1+a.b%5)), Quantity: float64(1 + (a.c+i)%3), Total: "150.00"}
		if a.kind == "buy sold out" && i == 0 {
			line.SKU = bigbuytest.SKUSoldOut
		}
		wanted[line.SKU] += int(line.Quantity)
		o.Lines = append(o.Lines, line)
	}
	id := shop.srv.Buy(o)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sales = append(w.sales, &sale{shop: shop, id: id, wanted: wanted, ref: mip.Ref{Channel: shop.name, ID: strconv.FormatInt(id, 10)}})
}

func (w *world) refundPiece(s *sale) {
	if o, ok := s.shop.srv.Order(s.id); ok && o.Status != "refunded" {
		for _, l := range o.Lines {
			gone := 0
			for _, r := range o.Refunds {
				for _, x := range r.Lines {
					if x.LineID == l.ID {
						gone += x.Quantity
					}
				}
			}
			if gone < int(l.Quantity) {
				s.shop.srv.Refund(s.id, map[int64]int{l.ID: 1})
				return
			}
		}
	}
}

// lateNews keeps what the channel says now, or brings what it said before.
func (w *world) lateNews(p *program, s *sale, a action) {
	w.mu.Lock()
	stale := w.stale
	w.mu.Unlock()
	if a.c%2 == 0 && len(stale) > 0 {
		w.heard(p.eng.Ingest(p.Context(), stale[a.b%len(stale)]))
		return
	}
	if o, err := p.Store(w.witness).Order(p.Context(), s.ref); err == nil && o.Theirs == nil && !o.Edited {
		w.mu.Lock()
		w.stale = append(w.stale, o.Facts)
		w.mu.Unlock()
	}
}

func (w *world) setStock(sku string, pieces int) {
	for _, p := range bigbuytest.Catalogue() {
		if p.SKU == sku {
			for warehouse := range p.Stock {
				w.bank.SetStock(sku, warehouse, pieces)
			}
		}
	}
}
