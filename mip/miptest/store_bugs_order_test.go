package miptest_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

func orderBugs() map[string]func(b *broken) {
	return map[string]func(b *broken){
		"a late claim succeeds": func(b *broken) {
			b.apply = func(ctx context.Context, s *memstore.Store, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
				res, err := s.Apply(ctx, ref, e, at)
				if e.Kind == mip.EventSending && errors.Is(err, mip.ErrIgnored) {
					err = nil
				}
				return res, err
			}
		},
		"the context is ignored": func(b *broken) {
			b.apply = func(ctx context.Context, s *memstore.Store, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
				return s.Apply(context.WithoutCancel(ctx), ref, e, at)
			}
		},
		"any event creates an order": func(b *broken) {
			b.apply = func(ctx context.Context, s *memstore.Store, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
				if res, err := s.Apply(ctx, ref, e, at); !errors.Is(err, mip.ErrNotFound) || ref.Valid() != nil {
					return res, err
				}
				_, _ = s.Apply(ctx, ref, mip.Event{Kind: mip.EventImported, Facts: &mip.Facts{Ref: ref, Demand: mip.DemandShip}}, at)
				return s.Apply(ctx, ref, e, at)
			}
		},
		"a stale event is applied to what was read before": func(b *broken) {
			b.apply = func(ctx context.Context, s *memstore.Store, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
				if e.Kind == mip.EventApproved {
					if o, err := s.Order(ctx, ref); err == nil {
						e.Version = o.Version // ignores what the judgement was made on
					}
				}
				return s.Apply(ctx, ref, e, at)
			}
		},
		"an ignored event returns no order": func(b *broken) {
			b.apply = func(ctx context.Context, s *memstore.Store, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
				res, err := s.Apply(ctx, ref, e, at)
				if err != nil {
					res = mip.Result{}
				}
				return res, err
			}
		},
		"effects are not told": func(b *broken) {
			b.apply = func(ctx context.Context, s *memstore.Store, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
				res, err := s.Apply(ctx, ref, e, at)
				res.Effects = nil
				return res, err
			}
		},
		"a missing order is the zero order": func(b *broken) {
			b.order = func(o mip.Order, _ error) (mip.Order, error) { return o, nil }
		},
		"errors have no kind": func(b *broken) {
			b.order = func(o mip.Order, err error) (mip.Order, error) {
				if err != nil {
					err = errors.New("sql: no rows in result set")
				}
				return o, err
			}
		},
		"the version is lost": func(b *broken) {
			b.order = func(o mip.Order, err error) (mip.Order, error) { o.Version = 0; return o, err }
		},
		"long notes are cut": func(b *broken) {
			b.order = func(o mip.Order, err error) (mip.Order, error) {
				o.Note = o.Note[:min(len(o.Note), 65535)]
				return o, err
			}
		},
		"NUL ends a text": func(b *broken) {
			b.order = func(o mip.Order, err error) (mip.Order, error) {
				o.Service, _, _ = strings.Cut(o.Service, "\x00")
				return o, err
			}
		},
		"the payload is lost": func(b *broken) {
			b.order = func(o mip.Order, err error) (mip.Order, error) { o.Raw = nil; return o, err }
		},
		"the first payload stays": func(b *broken) {
			first := map[mip.Ref]json.RawMessage{}
			b.order = func(o mip.Order, err error) (mip.Order, error) {
				if _, ok := first[o.Ref]; !ok && err == nil {
					first[o.Ref] = o.Raw
				}
				o.Raw = first[o.Ref]
				return o, err
			}
		},
		"the payload is written anew": func(b *broken) {
			b.order = func(o mip.Order, err error) (mip.Order, error) {
				o.Raw = []byte(strings.ReplaceAll(string(o.Raw), " ", ""))
				return o, err
			}
		},
		"deadlines lose their fraction": func(b *broken) {
			b.order = func(o mip.Order, err error) (mip.Order, error) {
				o.ShipBy = o.ShipBy.Truncate(time.Second)
				return o, err
			}
		},
		"times are local": func(b *broken) {
			b.order = func(o mip.Order, err error) (mip.Order, error) {
				o.ReceivedAt = o.ReceivedAt.In(time.FixedZone("CET", 3600))
				return o, err
			}
		},
		"orders share memory": func(b *broken) {
			seen := map[mip.Ref]mip.Order{}
			b.order = func(o mip.Order, err error) (mip.Order, error) {
				if kept, ok := seen[o.Ref]; ok && kept.Version == o.Version {
					return kept, err
				}
				seen[o.Ref] = o
				return o, err
			}
		},
		"ignored events are not recorded": func(b *broken) {
			b.history = func(h []mip.Change, err error) ([]mip.Change, error) {
				return slices.DeleteFunc(h, func(c mip.Change) bool { return c.Ignored }), err
			}
		},
		"ignored events are recorded twice": func(b *broken) {
			b.history = func(h []mip.Change, err error) ([]mip.Change, error) {
				var out []mip.Change
				for _, c := range h {
					if out = append(out, c); c.Ignored {
						out = append(out, c)
					}
				}
				return out, err
			}
		},
		"the history comes newest first": func(b *broken) {
			b.history = func(h []mip.Change, err error) ([]mip.Change, error) { slices.Reverse(h); return h, err }
		},
		"a missing history is empty": func(b *broken) {
			b.history = func(h []mip.Change, _ error) ([]mip.Change, error) { return h, nil }
		},
		"the cursor is not compared": func(b *broken) {
			b.cursor = func(ctx context.Context, s *memstore.Store, channel string, _, next mip.Cursor) error {
				for {
					now, err := s.Cursor(ctx, channel)
					if err != nil {
						return err
					}
					if err := s.SaveCursor(ctx, channel, now, next); !errors.Is(err, mip.ErrConflict) {
						return err
					}
				}
			}
		},
		"channels share a cursor": func(b *broken) {
			b.cursor = func(ctx context.Context, s *memstore.Store, _ string, old, next mip.Cursor) error {
				return s.SaveCursor(ctx, "shop", old, next)
			}
		},
	}
}
