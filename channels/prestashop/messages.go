package prestashop

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

const (
	// maxMessage is the longest private message written (PrestaShop: 1,600).
	maxMessage = 1500
	memoPrefix = "OpenMIP tracking: "
)

// private returns the messages of an order that only its staff sees.
func (s *Shop) private(ctx context.Context, o *target) ([]row, error) {
	all, err := s.lookup(ctx, "messages", "id_order", []text{o.row["id"]})
	if err != nil {
		return nil, err
	}
	var out []row
	for _, m := range all[o.id()] {
		if m.V.flag("private") {
			out = append(out, m.V)
		}
	}
	return out, nil
}

// explain leaves word for the staff, once; no words, no message.
func (s *Shop) explain(ctx context.Context, o *target, why string) error {
	why = strings.Map(func(r rune) rune {
		if r == '<' || r == '>' { // PrestaShop refuses what looks like markup
			return -1
		}
		return r
	}, strings.ToValidUTF8(why[:min(len(why), maxMessage)], ""))
	if why == "" {
		return nil
	}
	have, err := s.private(ctx, o)
	if err != nil || slices.ContainsFunc(have, func(m row) bool { return string(m["message"]) == why }) {
		return err
	}
	return s.save(ctx, "messages", "message", row{"id_order": o.row["id"], "message": text(why), "private": "1"}, false)
}

// memo is our word to ourselves about an order: every number ever told, by
// parcel.
type memo struct {
	row  row // the message; nil = none yet
	told url.Values
}

func (s *Shop) readMemo(ctx context.Context, o *target) (memo, error) {
	m := memo{told: url.Values{}}
	have, err := s.private(ctx, o)
	for _, r := range have {
		kept, ours := strings.CutPrefix(string(r["message"]), memoPrefix)
		if !ours {
			continue
		}
		if m.row == nil {
			m.row = r
		}
		told, _ := url.ParseQuery(kept) // what people spoilt is passed over
		for parcel, numbers := range told {
			m.add(parcel, numbers...)
		}
	}
	return m, err
}

func (m memo) add(parcel string, numbers ...string) {
	for _, n := range numbers {
		if !slices.Contains(m.told[parcel], n) {
			m.told.Add(parcel, n)
		}
	}
}

// remember writes the numbers that are going to be told. Numbers of other
// parcels give way if there is no more room.
func (s *Shop) remember(ctx context.Context, o *target, m memo, parcels []mip.Parcel) error {
	for _, p := range parcels {
		m.add(p.ID, tokens(p.Number)...)
	}
	for parcel := range m.told {
		if len(m.told.Encode()) > maxMessage && !slices.ContainsFunc(parcels, func(p mip.Parcel) bool { return p.ID == parcel }) {
			m.told.Del(parcel)
		}
	}
	words := text(memoPrefix + m.told.Encode())
	if m.row["message"] == words {
		return nil
	}
	fields := row{"id_order": o.row["id"], "private": "1"}
	if m.row != nil {
		fields = m.row
	}
	fields["message"] = words
	return s.save(ctx, "messages", "message", fields, false)
}
