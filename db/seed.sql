-- People to try things out with. Running it again changes nothing. cognito_user_id stays NULL here:
-- `bin/db/update_cognito_user_ids` fills it from the user pool.
INSERT INTO users (uuid, display_name, handle, email)
VALUES
    ('99895229-e104-4b91-970c-231c9bd729ac', 'Andrew Brown', 'andrewbrown', 'andrewbrown@example.com'),
    ('c65e3531-b8e1-4457-8b82-636bf8d08aad', 'Andrew Bayko', 'bayko', 'bayko@example.com'),
    ('05d953a0-4750-4a7a-8bdc-fed996de1ed1', 'Londo Mollari', 'londo', 'londo@example.com'),
    ('ac2e0ece-195a-42d7-b6cb-5de58c3f9ee2', 'Mirela Okonjo', 'mirela', 'mirela@example.com'),
    ('3328611e-46ae-45fa-b84a-545738315750', 'Tobias Wren', 'tobias.wren', 'tobias.wren@example.com'),
    ('5b9980ef-9644-45f3-a4dc-6b8ebe97229c', 'Solveig Kjær', 'solveig-k', 'solveig@example.com'),
    ('47c658b3-fd19-4dd4-945f-c36d9d46586a', 'Yūki Tanabe', 'yuki_t', 'yuki@example.com'),
    ('3200bda3-cf9d-46e8-bd9b-335885643e20', 'Amara Diallo', 'Amara', 'amara@example.com')
ON CONFLICT DO NOTHING;
