package seamtest

import (
	"maps"
	"slices"
)

// deviceProviders are some of the providers that Seam supports.
var deviceProviders = []jsonObject{
	newDeviceProvider("august", "August", "stable", "consumer_smartlocks"),
	newDeviceProvider("yale", "Yale", "stable", "consumer_smartlocks"),
	newDeviceProvider("schlage", "Schlage", "stable", "consumer_smartlocks"),
	newDeviceProvider("ttlock", "TTLock", "beta"),
	newDeviceProvider("ecobee", "ecobee", "stable", "thermostats"),
	newDeviceProvider("minut", "Minut", "stable", "noise_sensors"),
	newDeviceProvider("visionline", "Visionline", "access_control_systems"),
}

func newDeviceProvider(name, shown string, categories ...string) jsonObject {
	o := jsonObject{
		"device_provider_name": name, "display_name": shown, "provider_categories": categories,
		"image_url": "https://connect.getseam.com/assets/images/logos/" + name + ".png",
	}
	if slices.Contains(categories, "consumer_smartlocks") {
		o["can_program_online_access_codes"], o["can_remotely_lock"], o["can_remotely_unlock"] = true, true, true
	}
	return o
}

func listDeviceProviders(call *apiCall) (jsonObject, error) {
	category := params[struct {
		Category string `json:"provider_category"`
	}](call).Category
	found := []jsonObject{}
	for _, p := range deviceProviders {
		if categories, _ := p["provider_categories"].([]string); category == "" || slices.Contains(categories, category) {
			found = append(found, maps.Clone(p))
		}
	}
	return jsonObject{"device_providers": found}, nil
}
