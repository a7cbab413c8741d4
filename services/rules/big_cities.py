"""Big cities and countries whose time zone is named after another city. Pure.

Zones of the tz database are named after one city for each region, so that Mumbai or Manchester has
none of its own. A country is here only where all of it has one time.
"""

from collections.abc import Mapping
from types import MappingProxyType

_CITIES = {
    "Africa/Cairo": "Alexandria, Giza, Egypt",
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria, South Africa",
    "Africa/Lagos": "Abuja, Kano, Ibadan, Nigeria",
    "Africa/Nairobi": "Mombasa, Kenya",
    "Africa/Casablanca": "Rabat, Marrakesh, Morocco",
    "America/Argentina/Buenos_Aires": "Argentina",
    "America/Bogota": "Medellin, Cali, Colombia",
    "America/Chicago": "Houston, Dallas, Austin, San Antonio, Minneapolis, New Orleans, St Louis",
    "America/Denver": "Salt Lake City, Albuquerque",
    "America/Edmonton": "Calgary",
    "America/Los_Angeles": "San Francisco, San Diego, San Jose, Seattle, Las Vegas, Sacramento",
    "America/Mexico_City": "Guadalajara, Puebla",
    "America/New_York": (
        "Boston, Washington, Philadelphia, Miami, Atlanta, Orlando, Baltimore, Pittsburgh, "
        "Cleveland, Charlotte"
    ),
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Belo Horizonte",
    "America/Toronto": "Ottawa, Quebec",
    "America/Lima": "Arequipa, Peru",
    "Asia/Bangkok": "Chiang Mai, Pattaya, Hanoi, Thailand",
    "Asia/Dhaka": "Chittagong, Bangladesh",
    "Asia/Dubai": "Abu Dhabi, Sharjah, United Arab Emirates, UAE",
    "Asia/Ho_Chi_Minh": "Da Nang, Vietnam",
    "Asia/Hong_Kong": "Kowloon",
    "Asia/Jakarta": "Bandung, Surabaya, Semarang, Medan, Yogyakarta",
    "Asia/Jerusalem": "Haifa, Israel",
    "Asia/Karachi": "Lahore, Islamabad, Rawalpindi, Faisalabad, Pakistan",
    "Asia/Kathmandu": "Nepal",
    "Asia/Kolkata": (
        "Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Madras, Hyderabad, Pune, "
        "Ahmedabad, Kochi, Cochin, Jaipur, Surat, Lucknow, Coimbatore, Goa, Nagpur, India"
    ),
    "Asia/Kuala_Lumpur": (
        "Johor Bahru, Penang, George Town, Ipoh, Malacca, Petaling Jaya, Shah Alam, Klang, Malaysia"
    ),
    "Asia/Makassar": "Bali, Denpasar",
    "Asia/Manila": "Cebu, Davao, Quezon City, Philippines",
    "Asia/Riyadh": "Jeddah, Mecca, Medina, Dammam, Saudi Arabia",
    "Asia/Seoul": "Busan, Incheon, Daegu, South Korea, Korea",
    "Asia/Shanghai": (
        "Beijing, Guangzhou, Shenzhen, Chengdu, Wuhan, Tianjin, Hangzhou, Nanjing, Suzhou, Xiamen, "
        "Qingdao, Dalian, China"
    ),
    "Asia/Singapore": "Jurong, Woodlands, Tampines",
    "Asia/Taipei": "Kaohsiung, Taichung, Tainan, Taiwan",
    "Asia/Tokyo": "Osaka, Kyoto, Nagoya, Yokohama, Sapporo, Fukuoka, Kobe, Japan",
    "Asia/Colombo": "Kandy, Sri Lanka",
    "Asia/Yangon": "Mandalay, Myanmar",
    "Australia/Brisbane": "Gold Coast, Cairns",
    "Australia/Melbourne": "Geelong",
    "Australia/Sydney": "Newcastle, Wollongong",
    "Europe/Amsterdam": "Rotterdam, The Hague, Utrecht, Eindhoven, Netherlands",
    "Europe/Athens": "Thessaloniki, Greece",
    "Europe/Berlin": (
        "Munich, Hamburg, Frankfurt, Cologne, Stuttgart, Dusseldorf, Leipzig, Dresden, Germany"
    ),
    "Europe/Brussels": "Antwerp, Ghent, Belgium",
    "Europe/Dublin": "Cork, Galway, Ireland",
    "Europe/Istanbul": "Ankara, Izmir, Turkey",
    "Europe/Lisbon": "Porto",
    "Europe/London": (
        "Manchester, Birmingham, Liverpool, Leeds, Glasgow, Edinburgh, Bristol, Cambridge, Oxford, "
        "Sheffield, Cardiff, Nottingham, England, Scotland, Wales, United Kingdom, UK"
    ),
    "Europe/Madrid": "Barcelona, Valencia, Seville, Malaga, Bilbao",
    "Europe/Moscow": "Saint Petersburg",
    "Europe/Oslo": "Bergen, Norway",
    "Europe/Paris": "Lyon, Marseille, Toulouse, Nice, Bordeaux, Lille",
    "Europe/Rome": "Milan, Naples, Turin, Florence, Venice, Italy",
    "Europe/Stockholm": "Gothenburg, Malmo, Sweden",
    "Europe/Vienna": "Salzburg, Graz, Austria",
    "Europe/Warsaw": "Krakow, Gdansk, Wroclaw, Poland",
    "Europe/Zurich": "Geneva, Basel, Bern, Lausanne, Switzerland",
    "Europe/Copenhagen": "Aarhus, Denmark",
    "Europe/Helsinki": "Tampere, Finland",
    "Europe/Prague": "Brno, Czechia",
    "Europe/Kyiv": "Kharkiv, Lviv, Odesa, Ukraine",
    "Pacific/Auckland": "Wellington, Christchurch, Hamilton, Dunedin",
}

ZONE_OF: Mapping[str, str] = MappingProxyType(
    {city: zone for zone, cities in _CITIES.items() for city in cities.split(", ")}
)
"""The zone of each of these places, by its name."""
