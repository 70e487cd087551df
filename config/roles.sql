-- The two roles and the database of Zoufang, made once by a superuser with psql:
--   DATABASE_PASSWORD=… DATABASE_OWNER_PASSWORD=… psql -v ON_ERROR_STOP=1 -f config/roles.sql
-- The owner migrates and is used for nothing else. What the application may do is granted by
-- `manage.py migrate` (config/rights.py).
\getenv application_password DATABASE_PASSWORD
\getenv owner_password DATABASE_OWNER_PASSWORD
CREATE ROLE zoufang_app LOGIN PASSWORD :'application_password';
CREATE ROLE zoufang_owner LOGIN PASSWORD :'owner_password';
CREATE DATABASE zoufang OWNER zoufang_owner ENCODING 'UTF8' TEMPLATE template0;
