package rest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const hour = time.Hour

// A mark was made while the shop's clock was off by was, an hour ago; where
// reading goes on now that it is off by is.
func TestWhereReadingGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		at, ours time.Duration // of the mark, from now on our clock
		is       time.Duration
		want     time.Duration // from now on our clock
	}{
		"as it was":        {-1 * hour, -1 * hour, 0, -1 * hour},
		"as it was, ahead": {1 * hour, -1 * hour, 2 * hour, 1 * hour},
		"set back":         {1 * hour, -1 * hour, 0, -1 * hour},
		"set back by so little that nobody could tell":    {-1 * hour, -1 * hour, -time.Second, -1*hour - time.Second},
		"set back to behind ours":                         {-1 * hour, -1 * hour, -3 * hour, -4 * hour},
		"set forward":                                     {-1 * hour, -1 * hour, 5 * hour, -1 * hour},
		"an order read that is older":                     {-3 * hour, -1 * hour, 0, -3 * hour},
		"an order read that is older, set back by less":   {-3 * hour, -1 * hour, -hour, -3 * hour},
		"ours and theirs set back":                        {2 * hour, 2 * hour, 0, -24 * hour},
		"ours alone set back":                             {-1 * hour, 2 * hour, -3 * hour, -27 * hour},
		"ours and theirs set back by less than a minute":  {30 * time.Second, 30 * time.Second, 0, 30 * time.Second},
		"ours and theirs set back, the mark is older yet": {-48 * hour, 2 * hour, 0, -48 * hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				now := time.Now()
				var clock rest.Clock
				clock.See(now.Add(c.is))
				p := clock.Pass(rest.Mark{At: now.Add(c.at), Ours: now.Add(c.ours)})
				assert.Equal(t, c.want, p.From.Sub(now))
				assert.Equal(t, c.at-c.want > time.Minute, p.Back())
				p = clock.Pass(rest.Mark{At: now.Add(c.at)})
				assert.Equal(t, c.at, p.From.Sub(now), "whoever names a time gets that")
				assert.False(t, p.Back())
			})
		})
	}
}

func TestTheFirstAnswerTellsOfAClockThatWasSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		var clock rest.Clock
		clock.See(now.Add(2 * hour))
		p := clock.Pass(rest.Mark{At: now.Add(2 * hour), Ours: now})
		clock.See(now.Add(2*hour - time.Minute))
		assert.False(t, p.Again(2*time.Minute), "the overlap covers that")
		assert.Equal(t, 2*hour, p.From.Sub(now))
		clock.See(now.Add(2*hour - 61*time.Second))
		assert.True(t, p.Again(2*time.Minute), "late orders need half of it")
		clock.See(now)
		assert.True(t, p.Again(2*time.Minute))
		assert.Zero(t, p.From.Sub(now))
		assert.False(t, p.Again(2*time.Minute), "once is enough")
		clock.See(now.Add(3 * hour))
		assert.False(t, p.Again(2*time.Minute))
		assert.Zero(t, p.From.Sub(now), "forward leaves nothing out")
	})
}

func TestWhatAPassReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		var clock rest.Clock
		clock.See(now.Add(hour))
		p := clock.Pass(rest.Mark{At: now.Add(-hour), Ours: now.Add(-2 * hour)})
		time.Sleep(10 * time.Minute)
		for at, want := range map[time.Duration]time.Duration{-3 * hour: -hour, 0: 0, hour: hour, hour + time.Minute: hour, 9 * hour: hour} {
			assert.Equal(t, rest.Mark{At: now.Add(want).UTC(), Ours: now}, utc(p.Reached(now.Add(at))), "reached %s", at)
		}
		assert.Equal(t, hour, p.Now().Sub(now))
		clock.See(time.Now())
		assert.Zero(t, p.Reached(now.Add(hour)).At.Sub(now), "set back meanwhile")

		someday := rest.Mark{At: now.Add(48 * hour)}
		assert.Equal(t, someday, clock.Pass(someday).Reached(now), "what has not come yet is waited for")
	})
}

func utc(m rest.Mark) rest.Mark { return rest.Mark{At: m.At.UTC(), Ours: m.Ours} }

func TestTheFirstPageIsFetchedAnewOfAClockThatWasSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var clock rest.Clock
		now := time.Now()
		var from []time.Duration
		for page, err := range rest.Changes(t.Context(), &clock, rest.Mark{At: now.Add(hour), Ours: now}, time.Minute,
			func(_ context.Context, p *rest.Pass, after int) (mip.Page, int, bool, error) {
				clock.See(time.Now().Add(-hour * time.Duration(after+1)))
				from = append(from, p.From.Sub(now))
				return mip.Page{}, after + 1, after < 2, nil
			}) {
			require.NoError(t, err)
			assert.Empty(t, page.Orders)
		}
		assert.Equal(t, []time.Duration{hour, -hour, -hour, -hour}, from)

		broken := errors.New("broken")
		n := 0
		for _, err := range rest.Changes(t.Context(), &clock, rest.Mark{}, 0, func(context.Context, *rest.Pass, int) (mip.Page, int, bool, error) {
			n++
			return mip.Page{}, 0, true, broken
		}) {
			require.ErrorIs(t, err, broken)
		}
		assert.Equal(t, 1, n)
	})
}

// change is what a shop dates by its clock.
type change struct {
	id string
	at time.Time
}

// However the clocks of shop and ours are set between two polls, whoever restarts
// when: what changed is seen within two polls, and once it is quiet little comes
// twice.
func TestTheZeroMarkIsATimeThatPlatformsRead(t *testing.T) {
	var c rest.Clock
	p := c.Pass(rest.Mark{})
	assert.Equal(t, time.Unix(0, 0).UTC(), p.From)
	c.See(time.Now().Add(time.Hour))
	assert.False(t, p.Again(time.Second), "and stays it when the clock is learnt")
}

func TestEveryChangeIsSeenWhateverTheClockDoes(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // small
			const overlap = 4 * time.Second
			var skew time.Duration
			quiet, turned := false, false // once between two polls: nobody sees a clock that is set back and forward again
			var all []change
			clock, cursor, seen := &rest.Clock{}, mip.Cursor("a1|1999-01-01T00:00:00Z"), map[string]bool{}
			put := func() {
				all = append(all, change{fmt.Sprintf("%04d", len(all)), time.Now().Add(skew).Truncate(time.Second)})
			}
			turn := func() {
				switch k := r.IntN(6); {
				case turned:
				case k == 0:
					skew, turned = skew+time.Duration(r.IntN(9)-4)*hour, true
				case k == 1:
					skew, turned = skew-time.Duration(r.IntN(30))*time.Second, true
				}
			}
			poll := func() (n int) {
				turned = false
				mark, err := rest.ReadMark("a", time.RFC3339, cursor)
				require.NoError(t, err)
				for page, err := range rest.Changes(t.Context(), clock, mark, overlap, func(_ context.Context, p *rest.Pass, after change) (mip.Page, change, bool, error) {
					from := after
					if after == (change{}) {
						from.at = p.From.Add(-overlap)
					}
					list := behind(all, from)
					clock.See(time.Now().Add(skew).Truncate(time.Second))
					time.Sleep(time.Duration(r.IntN(1500)) * time.Millisecond)
					if !quiet && r.IntN(3) == 0 { // while pages are read
						turn()
						put()
					}
					var page mip.Page
					for _, c := range list[:min(3, len(list))] {
						page.Orders = append(page.Orders, mip.Facts{Number: c.id})
						after = c
						page.Next = p.Reached(c.at).Cursor("a", time.RFC3339)
					}
					return page, after, len(list) > 3, nil
				}) {
					require.NoError(t, err)
					for _, f := range page.Orders {
						seen[f.Number] = true
						n++
					}
					cursor = cmp.Or(page.Next, cursor)
				}
				return n
			}
			for range 40 {
				for range r.IntN(5) {
					put()
					time.Sleep(time.Duration(r.IntN(120)) * time.Second)
				}
				turn()
				if r.IntN(6) == 0 {
					clock = &rest.Clock{} // another process
				}
				if r.IntN(3) > 0 {
					poll()
				}
			}
			quiet = true
			poll()
			assert.Len(t, seen, len(all), "seed %d", seed)
			time.Sleep(100 * 24 * hour)
			poll()
			assert.LessOrEqual(t, poll(), 10, "seed %d", seed)
		})
	}
}

// behind lists what comes behind a change, by time and then by id.
func behind(all []change, from change) []change {
	list := slices.DeleteFunc(slices.Clone(all), func(c change) bool { return order(c, from) <= 0 })
	slices.SortFunc(list, order)
	return list
}

func order(a, b change) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) }
