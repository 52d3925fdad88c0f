package rules

import (
	"strconv"

	"github.com/openmip/openmip/mip"
)

// ProductKnown checks that the supplier's catalogue has every SKU to be
// bought. Its code is [CodeProductNotFound]. Like all rules on the catalogue
// it passes where there is none, or no answer about the SKU.
func ProductKnown() mip.Rule {
	return catalogue(CodeProductNotFound, "Every SKU exists at the supplier.",
		func(p mip.Product) bool { return !p.Known })
}

// Variation checks that a product with variations is ordered by the SKU of
// one of them. Its code is [CodeVariationRequired].
func Variation() mip.Rule {
	return catalogue(CodeVariationRequired, "A product with variations is ordered by a variation's SKU.",
		func(p mip.Product) bool { return p.Known && p.Variants })
}

// ProductActive checks that no product has been taken out of the catalogue.
// Its code is [CodeProductInactive].
func ProductActive() mip.Rule {
	return catalogue(CodeProductInactive, "Every product can still be ordered.",
		func(p mip.Product) bool { return p.Known && !p.Active })
}

// catalogue makes a rule about single products: one finding per line.
func catalogue(code, doc string, wrong func(mip.Product) bool) mip.Rule {
	return mip.Rule{
		Code:  code,
		Doc:   doc,
		Needs: mip.NeedCatalogue,
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if s.Catalogue == nil || told(&s, code) {
				return
			}
			openLines(&s.Order, func(i int, l *mip.Line, _ int) {
				if p, ok := s.Catalogue[l.SKU]; ok && wrong(p) {
					f := finding(code, linePath(i, "sku"))
					f.Params = map[string]string{"skus": l.SKU}
					report(f)
				}
			})
		},
	}
}

// Stock checks that the supplier has as many pieces as all lines of one SKU
// want together. A stock of −1 (not known) passes. Its code is
// [CodeOutOfStock]: one finding per SKU, at its first line; it goes away by
// itself when the goods are back.
func Stock() mip.Rule {
	return mip.Rule{
		Code:  CodeOutOfStock,
		Doc:   "The supplier has enough pieces in stock.",
		Needs: mip.NeedCatalogue,
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if s.Catalogue == nil || told(&s, CodeOutOfStock) {
				return
			}
			openLines(&s.Order, func(i int, l *mip.Line, _ int) {
				p, ok := s.Catalogue[l.SKU]
				if !ok || !p.Known || p.Stock < 0 {
					return
				}
				needed, first := wantedOf(&s.Order, l.SKU)
				if first != i || needed <= p.Stock {
					return
				}
				f := finding(CodeOutOfStock, linePath(i, "quantity"))
				f.Params = map[string]string{
					"skus": l.SKU, "stock": strconv.Itoa(p.Stock), "quantity": strconv.Itoa(needed),
				}
				report(f)
			})
		},
	}
}

// wantedOf returns how many pieces of a SKU are to be bought, and the first
// line with it.
func wantedOf(o *mip.Order, sku string) (pieces, first int) {
	first = -1
	openLines(o, func(i int, l *mip.Line, open int) {
		if l.SKU != sku {
			return
		}
		pieces += open
		if first < 0 {
			first = i
		}
	})
	return pieces, first
}
