package bigbuy

import (
	"context"
	"errors"
	"slices"

	"github.com/openmip/openmip/mip"
)

// Products implements [mip.Cataloguer]. BigBuy has no batch by SKU and allows
// one call in five seconds for each of the three that a SKU needs: for many
// SKUs this takes minutes. What is really available, [Supplier.Check] knows.
func (s *Supplier) Products(ctx context.Context, skus []string) (map[string]mip.Product, error) {
	out := make(map[string]mip.Product, len(skus))
	for _, sku := range skus {
		if _, done := out[sku]; done || sku == "" {
			continue
		}
		p, err := s.product(ctx, sku)
		if err != nil {
			return nil, err
		}
		out[sku] = p
	}
	return out, nil
}

func (s *Supplier) product(ctx context.Context, sku string) (mip.Product, error) {
	unknown := mip.Product{SKU: sku, Stock: -1}
	infos, err := s.client.ProductBySKU(ctx, sku, s.config.Language)
	if errors.Is(err, mip.ErrNotFound) || err == nil && len(infos) == 0 {
		return unknown, nil
	}
	if err != nil {
		return mip.Product{}, err
	}
	info := infos[0]
	if i := slices.IndexFunc(infos, func(p ProductInformation) bool { return string(p.SKU) == sku }); i >= 0 {
		info = infos[i]
	}
	p, err := s.client.Product(ctx, string(info.ID))
	if errors.Is(err, mip.ErrNotFound) {
		return unknown, nil
	}
	if err != nil {
		return mip.Product{}, err
	}
	own := string(p.SKU) == sku
	out := mip.Product{SKU: sku, Known: true, Active: bool(p.Active), Variants: own && bool(p.Attributes), Stock: -1}
	if own {
		out.Wholesale = p.Wholesale.Money // a variation may cost something else
	}
	if out.Stock, err = s.stock(ctx, sku, string(info.ID), own && !bool(p.Attributes)); err != nil {
		return mip.Product{}, err
	}
	return out, nil
}

// stock returns the pieces of a SKU, −1 if BigBuy does not tell.
func (s *Supplier) stock(ctx context.Context, sku, id string, single bool) (int, error) {
	ask := s.client.VariationStock
	if single {
		ask = s.client.ProductStock
	}
	rows, err := ask(ctx, id)
	if errors.Is(err, mip.ErrNotFound) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	pieces := -1
	for _, row := range rows {
		if string(row.SKU) == sku || single && row.SKU == "" {
			pieces = max(pieces, 0) + row.Pieces()
		}
	}
	return pieces, nil
}
