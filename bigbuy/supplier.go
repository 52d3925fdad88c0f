package bigbuy

import (
	"context"
	"errors"
	"sync"

	"github.com/openmip/openmip/mip"
)

// Supplier is BigBuy as an engine sees it. It uses the multishipping pair for
// every order, which serves one warehouse and several. It is safe for
// concurrent use and never repeats a purchase, with one exception that is
// proven to be none: if the form is refused (400) for want of a list of
// carriers, which the public sources disagree about, it is sent again with all
// of them, and later orders have the list at once.
type Supplier struct {
	config Config
	client *Client

	mu       sync.Mutex
	names    map[Text]Text // tracking carriers by id
	services []CarrierName // all there are, once BigBuy insisted on a list
}

var (
	_ mip.Supplier      = (*Supplier)(nil)
	_ mip.Balancer      = (*Supplier)(nil)
	_ mip.CarrierLister = (*Supplier)(nil)
	_ mip.Cataloguer    = (*Supplier)(nil)
	_ mip.Opener        = (*Supplier)(nil)
)

// New returns the supplier of one account; it makes no call. A config that
// cannot work is [mip.ErrInvalid].
func New(c Config) (*Supplier, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	client, err := newClient(c)
	if err != nil {
		return nil, err
	}
	return &Supplier{config: c, client: client}, nil
}

// Client returns the client that s uses; both share one rate limit.
func (s *Supplier) Client() *Client { return s.client }

// Balance implements [mip.Balancer]: what is in the wallet, in EUR, asked
// anew each time.
func (s *Supplier) Balance(ctx context.Context) (mip.Money, error) { return s.client.Purse(ctx) }

// request turns a purchase into BigBuy's form. Nothing is cut: what is too
// long is refused by BigBuy with the field's name.
func (s *Supplier) request(p mip.Purchase) (OrderRequest, error) {
	method, ok := s.config.Payments[p.Payment]
	if !ok && p.Payment != "" {
		return OrderRequest{}, &mip.Error{Op: "bigbuy", Ref: p.Ref, Kind: mip.ErrInvalid, Code: CodePaymentInvalid,
			Err: errors.New("Config.Payments has no method for " + p.Payment)}
	}
	if len(p.Items) == 0 {
		return OrderRequest{}, &mip.Error{Op: "bigbuy", Ref: p.Ref, Kind: mip.ErrInvalid, Err: errors.New("nothing to buy")}
	}
	to := p.ShipTo.Normal()
	o := OrderRequest{
		InternalReference: p.Reference, Language: p.Language, PaymentMethod: method,
		ShippingAddress: Address{
			FirstName: to.FirstName, LastName: to.LastName, Country: to.Country, Postcode: to.Postcode,
			Town: to.City, Address: to.Street(), Phone: to.Phone, Email: to.Email,
			VATNumber: to.VATNumber, CompanyName: to.Company, Comment: p.Note,
		},
		Products: orderLines(p),
	}
	if o.Language == "" {
		o.Language = s.config.Language
	}
	o.Carriers = s.carriers(p)
	return o, nil
}

func orderLines(p mip.Purchase) []OrderLine {
	var out []OrderLine
	for _, it := range p.BySKU() {
		out = append(out, OrderLine{it.SKU, it.Quantity})
	}
	return out
}

// refused reads a refusal out of an error: what BigBuy said no to for good,
// as findings. Everything else (a wrong key, an outage, doubt) stays an error.
func refused(err error) (*Error, bool) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return nil, false
	}
	switch mip.KindOf(err) {
	case mip.ErrRefused, mip.ErrUnfunded, mip.ErrConflict, mip.ErrNotFound:
		return e, true
	case mip.ErrInvalid:
		return e, e.Status != 415
	case mip.ErrUnauthorized:
		return e, e.Code == ERPack
	}
	return nil, false
}
