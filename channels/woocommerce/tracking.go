package woocommerce

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Tracking is a means of showing tracking numbers. The zero value takes the
// first that the shop has, in the order of the constants, and looks again when
// it goes away.
type Tracking string

// The means. A corrected number replaces the old one, except in notes, where
// both stay.
const (
	// TrackFulfillments: WooCommerce's own, since 10.1, where switched on. It
	// needs a key whose user may manage the shop. A parcel that names no items
	// takes all pieces not sent yet; one for which none are left is told in a
	// note.
	TrackFulfillments Tracking = "fulfillments"
	// TrackExtension: Shipment Tracking or Advanced Shipment Tracking. The
	// numbers told are kept in the order's private field _openmip_tracking, so
	// that a corrected one is recognised; another carrier for the same number
	// is not told.
	TrackExtension Tracking = "extension"
	// TrackMeta: the field in which those extensions keep their data. Chosen
	// by itself only for orders that have it already.
	TrackMeta Tracking = "meta"
	// TrackNote: a note that WooCommerce mails to the customer.
	TrackNote Tracking = "note"
	// TrackNone shows nothing but the status.
	TrackNone Tracking = "none"
)

// errAbsent: the shop does not have this means, at least for now.
var errAbsent = &mip.Error{Op: "woocommerce: tracking", Kind: mip.ErrUnavailable, Err: errors.New("the shop has no such means")}

// show makes the shop show the parcels, each once.
func (s *Shop) show(ctx context.Context, o *order, parcels []mip.Parcel) error {
	if len(parcels) == 0 || s.config.Tracking == TrackNone {
		return nil
	}
	means := []Tracking{TrackFulfillments, TrackExtension, TrackMeta, TrackNote}
	switch known := s.means.Load(); {
	case s.config.Tracking != "":
		means = []Tracking{s.config.Tracking}
	case known != nil && *known == TrackNote:
		means = means[2:]
	case known != nil:
		others := slices.DeleteFunc(means, func(t Tracking) bool { return t == *known })
		means = slices.Concat([]Tracking{*known}, others)
	}
	for _, t := range means {
		err := s.showBy(ctx, t, o, parcels)
		if errors.Is(err, errAbsent) && t != means[len(means)-1] {
			continue
		}
		if err == nil && t != TrackMeta { // which is a matter of the single order
			s.means.Store(&t)
		}
		return err
	}
	return errAbsent
}

func (s *Shop) showBy(ctx context.Context, t Tracking, o *order, parcels []mip.Parcel) error {
	var err error
	switch t {
	case TrackFulfillments:
		err = s.fulfil(ctx, o, parcels)
		if errors.Is(err, mip.ErrUnauthorized) && s.config.Tracking == "" {
			return errAbsent // the order itself could be read: this user may not manage the shop
		}
	case TrackExtension:
		for _, base := range []string{"/wc-shipment-tracking/v3", "/wc-ast/v3"} {
			if err = s.extend(ctx, base+"/orders/{id}/shipment-trackings", o, parcels); codeOf(err) != noRoute {
				break
			}
		}
	case TrackMeta:
		err = s.writeItems(ctx, o, parcels)
	default:
		err = s.notify(ctx, o, parcels)
	}
	if codeOf(err) == noRoute {
		return errAbsent
	}
	return err
}

// usual are the carriers by the names that people know.
var usual = channels.UsualCarriers()

// named gives a parcel the shop's name for its carrier, and a tracking page
// where the supplier names none.
func (s *Shop) named(p mip.Parcel) mip.Parcel {
	dressed := usual.Parcel(p)
	if s.config.Carrier != nil {
		if name := s.config.Carrier(p.Carrier); name != "" {
			dressed.Carrier = name
		}
	}
	return dressed
}

// notify tells each parcel in a note to the customer.
func (s *Shop) notify(ctx context.Context, o *order, parcels []mip.Parcel) error {
	for _, p := range parcels {
		words := []string{"Tracking:"}
		if name := p.Carrier; name != "" {
			words = append(words, name, "-")
		}
		words = append(words, p.Number)
		if p.URL != "" {
			words = append(words, "- "+p.URL)
		}
		if err := s.note(ctx, o, strings.Join(words, " "), p.Number, true); err != nil {
			return err
		}
	}
	return nil
}

// note adds a note unless one of the same kind has the mark in it already.
// Shops reformat texts, so the words around the mark are not compared.
func (s *Shop) note(ctx context.Context, o *order, words, mark string, customer bool) error {
	var notes []struct {
		Note     text `json:"note"`
		Customer bool `json:"customer_note"`
	}
	call := rest.Call{Path: "/wc/v3/orders/{id}/notes", Vars: rest.Vars{"id": o.Ref.ID}, Out: &notes}
	if _, err := s.do(ctx, call); err != nil {
		return err
	}
	for _, n := range notes {
		if n.Customer == customer && names(string(n.Note), mark) {
			return nil
		}
	}
	call.Method, call.Body, call.Out = "POST", map[string]any{"note": words, "customer_note": customer}, nil
	_, err := s.do(ctx, call)
	return err
}

// names reports whether mark stands in words, not as a part of something
// longer.
func names(words, mark string) bool {
	for rest := words; mark != ""; {
		before, after, found := strings.Cut(rest, mark)
		if !found {
			return false
		}
		if !inWord(lastRune(before)) && !inWord(firstRune(after)) {
			return true
		}
		rest = rest[len(before)+1:]
	}
	return false
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func firstRune(s string) (first rune) {
	for _, r := range s {
		return r
	}
	return 0
}

func lastRune(s string) (last rune) {
	for _, r := range s[max(0, len(s)-4):] {
		last = r
	}
	return last
}
