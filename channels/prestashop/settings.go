package prestashop

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// settings is what a shop says of itself. Values do not change.
type settings struct {
	zone   *time.Location
	values map[string]string // by name, of the shop's configuration
	states map[string]row    // by id
}

// asked are the names read from the configuration.
var asked = []string{"PS_TIMEZONE", "PS_SHOP_NAME", "PS_OS_CANCELED", "PS_OS_REFUND", "PS_OS_SHIPPING", "PS_OS_DELIVERED"}

// known returns the settings last read, or reads them.
func (s *Shop) known(ctx context.Context) (*settings, error) {
	if set := s.settings.Load(); set != nil {
		return set, nil
	}
	return s.learn(ctx)
}

// learn reads the settings anew.
func (s *Shop) learn(ctx context.Context) (*settings, error) {
	rows, err := s.list(ctx, "configurations", query{"filter[name]": "[" + strings.Join(asked, "|") + "]", "display": "full"})
	if err != nil {
		return nil, err
	}
	set := &settings{zone: s.config.Zone, values: map[string]string{}, states: map[string]row{}}
	rank := map[string]int{}
	for _, r := range rows {
		name := string(r.V["name"])
		if n := s.closeness(r.V); n > rank[name] {
			rank[name], set.values[name] = n, string(r.V["value"])
		}
	}
	if set.zone == nil {
		name := set.values["PS_TIMEZONE"]
		if set.zone, err = time.LoadLocation(name); err != nil || name == "" || name == "Local" {
			return nil, &mip.Error{Op: "prestashop: read time zone", Kind: mip.ErrInvalid,
				Err: errors.New("the shop's time zone is not known here: set Config.Zone or import time/tzdata")}
		}
	}
	if !s.knowsCancelled(set) {
		return nil, &mip.Error{Op: "prestashop: read settings", Kind: mip.ErrInvalid,
			Err: errors.New("the shop does not name its states for cancelled and refunded: name them in Config.States")}
	}
	rows, err = s.list(ctx, "order_states", query{"display": "full"})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		set.states[string(r.V["id"])] = r.V
	}
	s.settings.Store(set)
	return set, nil
}

// knowsCancelled reports whether a cancellation would be noticed.
func (s *Shop) knowsCancelled(set *settings) bool {
	return isID(set.values["PS_OS_CANCELED"]) && isID(set.values["PS_OS_REFUND"]) ||
		slices.Contains(slices.Collect(maps.Values(s.config.States)), mip.DemandCancel)
}

// closeness says how near to this shop a setting is made: in a multistore a
// shop's own stands beside its group's and everybody's. 0 = another's.
func (s *Shop) closeness(r row) int {
	shop, group := strings.TrimLeft(string(r["id_shop"]), "0"), strings.TrimLeft(string(r["id_shop_group"]), "0")
	switch {
	case shop != "" && s.config.ShopID != 0 && shop == strconv.Itoa(s.config.ShopID):
		return 3
	case shop == "" && group != "" && s.config.ShopGroup != 0 && group == strconv.Itoa(s.config.ShopGroup):
		return 2
	case shop == "" && group == "":
		return 1
	}
	return 0
}

// demand says what a state asks for, by the shop's own flags; known is false
// for a state that the shop does not list.
func (s *Shop) demand(set *settings, state string) (d mip.Demand, known bool) {
	if id, err := strconv.Atoi(state); err == nil && s.config.States[id] != "" {
		return s.config.States[id], true
	}
	r, known := set.states[state]
	switch {
	case state == "0": // an order that is being made
		return mip.DemandUnpaid, true
	case !known:
		return mip.DemandUnpaid, false
	case state == set.values["PS_OS_CANCELED"] || state == set.values["PS_OS_REFUND"]:
		return mip.DemandCancel, true
	case r.flag("shipped"):
		return mip.DemandClosed, true
	case r.flag("paid"):
		return mip.DemandShip, true
	}
	return mip.DemandUnpaid, true
}

// settingOf are the settings that name the state for a state.
var settingOf = map[mip.State]string{mip.StateShipped: "PS_OS_SHIPPING", mip.StateDelivered: "PS_OS_DELIVERED",
	mip.StateCancelled: "PS_OS_CANCELED"}

// written returns the id of the state that is written for a state: "" for
// none, "0" if the shop should have one and does not.
func (s *Shop) written(set *settings, state mip.State) string {
	id, ok := s.config.Write[state]
	switch name := settingOf[state]; {
	case ok && id == 0, !ok && name == "":
		return ""
	case ok:
		return strconv.Itoa(id)
	default:
		return cmp.Or(set.values[name], "0")
	}
}
