from .convert import convert_posts as convert_posts
from .followers import read_followers as read_followers
from .load import read_posts as read_posts
from .owner_exports import read_analytics as read_analytics
from .write_posts import write_posts as write_posts
from .write_posts import write_table as write_table
