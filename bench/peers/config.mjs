// The variables that our server has too; each is checked by whoever uses it.
const env = process.env

export const config = {
  host: env.HOST,
  port: Number(env.PORT),
  database: env.DATABASE_URL,
  table: env.MESSAGES_TABLE,
  region: env.AWS_REGION,
  endpoint: env.AWS_ENDPOINT_URL,
  keyId: env.AWS_ACCESS_KEY_ID,
  secret: env.AWS_SECRET_ACCESS_KEY,
  issuer: env.COGNITO_ISSUER,
  clientId: env.COGNITO_CLIENT_ID,
  jwks: env.COGNITO_JWKS_URL,
  maxSends: Number(env.MAX_SENDS_PER_MINUTE),
  lean: env.DATA_PATH === 'lean',
}
