package channeltest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// two puts two orders with three lines and lets them be seen.
func (p *probe) two() (a, b mip.Facts, err error) {
	if a, err = p.put(Order(5)); err != nil {
		return a, b, err
	}
	b, err = p.put(Order(11))
	p.settle()
	return a, b, err
}

// parcel is the n-th parcel of an order: all pieces of its line n.
func parcel(f mip.Facts, n int) mip.Parcel {
	l := f.Lines[n%len(f.Lines)]
	number := fmt.Sprintf("TRK%s%04d", f.Ref.ID, n)
	return mip.Parcel{
		ID: fmt.Sprintf("box-%d", n), Carrier: [...]string{"DHL", "GLS"}[n%2], Number: number,
		URL:       "https://track.example/" + number,
		Items:     []mip.Item{{LineID: l.ID, SKU: l.SKU, Quantity: l.Quantity}},
		ShippedAt: time.Now().UTC().Truncate(time.Second),
	}
}

func shipped(parcels ...mip.Parcel) mip.Status {
	return mip.Status{State: mip.StateShipped, Parcels: parcels}
}

// tell reports and then compares what the shop shows.
func (p *probe) tell(f mip.Facts, s mip.Status) error {
	if err := p.Channel.Report(p.ctx, f.Ref, s); err != nil {
		return fmt.Errorf("reporting %s: %w", s.State, err)
	}
	time.Sleep(time.Minute)
	return p.shows(f, s)
}

// shows compares what the shop shows of an order with what it was told.
func (p *probe) shows(f mip.Facts, told mip.Status) error {
	shown := p.Shop.Shown(f.Ref.ID)
	if on := onItsWay(shown.State); on != onItsWay(told.State) {
		return fmt.Errorf("told %q, the shop shows %q", told.State, shown.State)
	}
	var want, got []string
	for _, t := range told.Parcels {
		if t.Number != "" {
			want = append(want, t.Number)
		}
	}
	for _, s := range shown.Parcels {
		got = append(got, s.Number)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return fmt.Errorf("told the tracking numbers %q, the shop shows %q", want, got)
	}
	for _, t := range told.Parcels {
		i := slices.IndexFunc(shown.Parcels, func(s mip.Parcel) bool { return s.Number == t.Number })
		if i < 0 {
			continue
		}
		s := shown.Parcels[i]
		if _, no := p.Cannot[Carriers]; !no && !strings.Contains(strings.ToLower(s.Carrier), strings.ToLower(t.Carrier)) {
			return fmt.Errorf("parcel %s goes with %q, the shop shows %q", t.Number, t.Carrier, s.Carrier)
		}
		if got, want := contents(s.Items), contents(t.Items); got != "" && want != "" && got != want {
			return fmt.Errorf("parcel %s holds %s, the shop shows %s", t.Number, want, got)
		}
		if s.URL != "" && s.URL != t.URL {
			return fmt.Errorf("parcel %s is tracked at %q, the shop shows %q", t.Number, t.URL, s.URL)
		}
	}
	return nil
}

// contents writes items as text, one order for all.
func contents(items []mip.Item) string {
	var out []string
	for _, it := range items {
		out = append(out, fmt.Sprintf("%d of line %s", it.Quantity, it.LineID))
	}
	slices.Sort(out)
	return strings.Join(out, " and ")
}

func onItsWay(s mip.State) bool { return s == mip.StateShipped || s == mip.StateDelivered }
