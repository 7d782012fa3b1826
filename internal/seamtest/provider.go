package seamtest

import (
	"maps"
	"slices"
)

// providers are a few of those that Seam works with.
var providers = []object{
	provider("august", "August", "stable", "consumer_smartlocks"),
	provider("yale", "Yale", "stable", "consumer_smartlocks"),
	provider("schlage", "Schlage", "stable", "consumer_smartlocks"),
	provider("ttlock", "TTLock", "beta"),
	provider("ecobee", "ecobee", "stable", "thermostats"),
	provider("minut", "Minut", "stable", "noise_sensors"),
	provider("visionline", "Visionline", "access_control_systems"),
}

func provider(name, shown string, categories ...string) object {
	o := object{
		"device_provider_name": name, "display_name": shown, "provider_categories": categories,
		"image_url": "https://connect.getseam.com/assets/images/logos/" + name + ".png",
	}
	if slices.Contains(categories, "consumer_smartlocks") {
		o["can_program_online_access_codes"], o["can_remotely_lock"], o["can_remotely_unlock"] = true, true, true
	}
	return o
}

func listProviders(x *exchange) (object, error) {
	category := params[struct {
		Category string `json:"provider_category"`
	}](x).Category
	found := []object{}
	for _, p := range providers {
		if categories, _ := p["provider_categories"].([]string); category == "" || slices.Contains(categories, category) {
			found = append(found, maps.Clone(p))
		}
	}
	return object{"device_providers": found}, nil
}
