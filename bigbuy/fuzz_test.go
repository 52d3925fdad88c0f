package bigbuy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
)

// FuzzErrorBody throws any answer at check and create. Whatever it is: there
// is no panic, one kind, at least one finding, nothing of the body in the
// error's text, and a create is a success only if it has an id, and certainly
// not done only if the answer is a proof.
func FuzzErrorBody(f *testing.F) {
	for _, v := range variants() {
		f.Add(v.status, []byte(v.body))
	}
	f.Add(201, []byte(`{"orders":[{"id":1}],"errors":[{"status":409,"code":"ER003"}]}`))
	f.Add(200, []byte(`{"orders":null,"errors":"x"}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		status = 200 + (status%400+400)%400 // 200–599
		c := client(t, always(status, string(body)))
		_, check := c.CheckMulti(t.Context(), bigbuy.OrderRequest{})
		inspect(t, check, body)
		created, err := c.CreateMulti(t.Context(), bigbuy.OrderRequest{})
		inspect(t, err, body)
		if err == nil && len(created.Orders)+len(created.Errors) == 0 {
			t.Fatal("success without anything")
		}
		for _, o := range created.Orders {
			if err == nil && o.Number() == "" {
				t.Fatal("success without an id")
			}
		}
		if id, err := c.Create(t.Context(), bigbuy.OrderRequest{}); err == nil && id == "" {
			t.Fatal("success without an id")
		} else if err != nil && errors.Is(err, mip.ErrUnavailable) {
			t.Fatalf("an answered create is never certainly undone for later: %v", err)
		}
		if status >= 500 && err != nil && mip.KindOf(err) != mip.ErrUnknown && mip.KindOf(err) != mip.ErrThrottled {
			t.Fatalf("a server error after a create: %v", err)
		}
	})
}

func inspect(t *testing.T, err error, body []byte) {
	t.Helper()
	if err == nil {
		return
	}
	kinds := 0
	for _, k := range []error{mip.ErrInvalid, mip.ErrNotFound, mip.ErrConflict, mip.ErrUnauthorized, mip.ErrUnfunded,
		mip.ErrRefused, mip.ErrThrottled, mip.ErrUnavailable, mip.ErrUnknown, mip.ErrContract} {
		if errors.Is(err, k) {
			kinds++
		}
	}
	if kinds != 1 {
		t.Fatalf("%d kinds in %v", kinds, err)
	}
	e, ok := errors.AsType[*bigbuy.Error](err)
	if !ok {
		return
	}
	if utf8.RuneCountInString(e.Message) > 200 || !utf8.ValidString(e.Message) {
		t.Fatalf("message of %d bytes", len(e.Message))
	}
	findings := e.Findings()
	if len(findings) == 0 {
		t.Fatal("no finding")
	}
	for _, f := range findings {
		if f.Code == "" || !f.Blocks() {
			t.Fatalf("finding %+v", f)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v", e, e, e); len(e.Message) > 12 && strings.Contains(text, e.Message) {
		t.Fatalf("message printed: %s", text)
	}
}

// FuzzSuccessBodies throws any 200 at every endpoint.
func FuzzSuccessBodies(f *testing.F) {
	for _, s := range []string{
		`{"id":"15000001","totalPaidTaxIncl":"12.34","status":"En proceso","products":[{"reference":"S","quantity":1}]}`,
		`[{"id":1,"trackings":[{"trackingNumber":"T","carrier":{"id":"1"}}]},null,[]]`,
		`{"shippingOptions":[{"shippingService":{"name":"GLS"},"cost":1}]}`,
		`{"orders":[{"id":1,"total":2,"productReferences":"S"}],"errors":{"3":"x"}}`,
		`{"1":{"id":1},"0":{"id":2}}`, `[true]`, `"1.00"`, `1e400`, `[`, `{"id":{}}`, `[[[[1]]]]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c := client(t, always(200, string(body)))
		for name, err := range everything(t.Context(), c) {
			switch kind := mip.KindOf(err); {
			case writes[name] && kind == mip.ErrContract, !writes[name] && kind == mip.ErrUnknown:
				t.Fatalf("%s: %v", name, err)
			}
		}
		s := supplier(t, always(200, string(body)))
		for _, n := range must(s.Track(t.Context(), []string{"1", "2"})) {
			if n.ID != "1" && n.ID != "2" {
				t.Fatalf("news of %q, which nobody asked about", n.ID)
			}
		}
		if found, err := s.Find(t.Context(), "r"); err == nil && (len(found.Placements) != 1 || found.Placements[0].ID == "") {
			t.Fatalf("a 200 found %+v", found)
		}
		for _, carrier := range must(s.Carriers(t.Context(), purchase("S"))) {
			if carrier.Name != strings.ToLower(carrier.Name) || carrier.Name == "" {
				t.Fatalf("carrier %q", carrier.Name)
			}
		}
		if products := must(s.Products(t.Context(), []string{"S"})); len(products) > 0 && products["S"].SKU != "S" {
			t.Fatalf("products %+v", products)
		}
		placed, err := s.Place(t.Context(), purchase("S", "T"))
		if err == nil && len(placed.Placements) == 0 && len(placed.Refusals) == 0 && !placed.Exists {
			t.Fatal("a purchase that says nothing")
		}
		if slices.ContainsFunc(placed.Placements, func(p mip.Placement) bool { return p.ID == "" }) {
			t.Fatal("a placement without an id")
		}
	})
}

func must[T any](v T, _ error) T { return v }
