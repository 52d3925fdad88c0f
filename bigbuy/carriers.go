package bigbuy

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// carriers returns the services an order may be sent with, in BigBuy's
// spelling: lower case.
func (s *Supplier) carriers(p mip.Purchase) []CarrierName {
	names := p.Shipping
	if len(names) == 0 {
		names = s.config.Carriers
	}
	var out []CarrierName
	for _, n := range names {
		out = append(out, CarrierName{strings.ToLower(strings.TrimSpace(n))})
	}
	if len(out) == 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.services
	}
	return out
}

// demanded reports whether err is the proof that BigBuy wants the list of
// carriers that o does not have.
func demanded(o OrderRequest, err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && len(o.Carriers) == 0 && e.Status == 400 && !e.Soft && e.form == formFields &&
		slices.ContainsFunc(e.Fields, func(f FieldError) bool { return f.Path == "carriers" })
}

// allServices fetches the names of all services, for orders that choose none.
func (s *Supplier) allServices(ctx context.Context) ([]CarrierName, error) {
	list, err := s.client.Carriers(ctx)
	if err != nil {
		return nil, err
	}
	var out []CarrierName
	for _, carrier := range list {
		for _, service := range carrier.Services {
			name := CarrierName{strings.ToLower(string(service.Name))}
			if name.Name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.services = out
	return out, nil
}

// Carriers implements [mip.CarrierLister], cheapest first. If the basket comes
// from several warehouses, each is asked, and a service counts if all have it;
// its cost is the sum. No service at all is an empty list.
func (s *Supplier) Carriers(ctx context.Context, p mip.Purchase) ([]mip.Carrier, error) {
	to := p.ShipTo.Normal()
	lines := orderLines(p)
	options, err := s.client.ShippingOptions(ctx, to.Country, to.Postcode, lines)
	if e, ok := errors.AsType[*Error](err); ok && len(e.Warehouses) > 0 {
		return s.carriersOfAll(ctx, to, lines, e.Warehouses)
	}
	if err != nil && !errors.Is(err, mip.ErrNotFound) {
		return nil, err
	}
	return cheapestFirst(offers(options)), nil
}

func (s *Supplier) carriersOfAll(ctx context.Context, to mip.Address, lines []OrderLine, shares []Warehouse) ([]mip.Carrier, error) {
	var all map[string]mip.Carrier
	for _, share := range shares {
		part := slices.DeleteFunc(slices.Clone(lines), func(l OrderLine) bool { return !slices.Contains(share.SKUs, l.Reference) })
		if len(part) == 0 {
			continue
		}
		options, err := s.client.ShippingOptions(ctx, to.Country, to.Postcode, part)
		if errors.Is(err, mip.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		offered := offers(options)
		if all == nil {
			all = offered
			continue
		}
		for name, c := range all {
			other, ok := offered[name]
			if !ok {
				delete(all, name)
				continue
			}
			if c.Cost, err = c.Cost.Add(other.Cost); err != nil {
				return nil, err
			}
			all[name] = c
		}
	}
	return cheapestFirst(all), nil
}

// offers returns the options by order name; of two with one name the cheaper.
func offers(options []ShippingOption) map[string]mip.Carrier {
	out := map[string]mip.Carrier{}
	for _, o := range options {
		name := strings.ToLower(string(o.Service.Name))
		if name == "" {
			continue
		}
		c := mip.Carrier{Name: name, Label: string(cmp.Or(o.Service.ServiceName, o.Service.Name)),
			Cost: o.Cost.Money, Delay: string(o.Service.Delay)}
		if have, ok := out[name]; !ok || c.Cost.Amount().LessThan(have.Cost.Amount()) {
			out[name] = c
		}
	}
	return out
}

func cheapestFirst(byName map[string]mip.Carrier) []mip.Carrier {
	return slices.SortedFunc(maps.Values(byName), func(a, b mip.Carrier) int {
		return cmp.Or(a.Cost.Amount().Cmp(b.Cost.Amount()), cmp.Compare(a.Name, b.Name))
	})
}

// learnNames fetches the names of tracking carriers when an unknown one comes
// up. An outage is an error, so that no parcel is told without its carrier; a
// list that cannot be had for good leaves the names empty.
func (s *Supplier) learnNames(ctx context.Context, told []OrderTracking) error {
	missing := slices.ContainsFunc(told, func(o OrderTracking) bool {
		return slices.ContainsFunc(o.Trackings, func(e TrackingEvent) bool {
			return e.Carrier.Value.Name == "" && e.Carrier.Value.ID != "" && !s.knows(e.Carrier.Value.ID)
		})
	})
	if !missing {
		return nil
	}
	list, err := s.client.TrackingCarriers(ctx)
	if err != nil && mip.Repeatable(err) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.names == nil {
		s.names = map[Text]Text{}
	}
	for _, n := range list {
		s.names[n.ID] = n.Name
	}
	// An id that is in no list is not asked for again and again.
	for _, o := range told {
		for _, e := range o.Trackings {
			if _, ok := s.names[e.Carrier.Value.ID]; !ok {
				s.names[e.Carrier.Value.ID] = ""
			}
		}
	}
	return nil
}

func (s *Supplier) knows(id Text) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.names[id]
	return ok
}

func (s *Supplier) carrierName(e TrackingEvent) string {
	if e.Carrier.Value.Name != "" {
		return string(e.Carrier.Value.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.names[e.Carrier.Value.ID])
}
