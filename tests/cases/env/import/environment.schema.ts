import { z } from 'zod';

// Base schema shared across all environments
const BaseEnvironmentSchema = z.object({
  // API Configuration
  NEXT_PUBLIC_API_BASE_URL: z.string().url(),
  NEXT_PUBLIC_API_TIMEOUT: z.coerce.number().int().min(1000).max(60000),
  NEXT_PUBLIC_ENVIRONMENT: z.enum(['development', 'staging', 'production']),

  // Authentication
  NEXTAUTH_URL: z.string().url(),
  NEXTAUTH_SECRET: z.string().min(32),

  // Database (server-side only)
  DATABASE_URL: z.string().startsWith('postgresql://'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(5).max(50).default(10),

  // Redis
  REDIS_URL: z.string().startsWith('redis://'),

  // External Services (server-side only)
  OPENAI_API_KEY: z.string().startsWith('sk-').optional(),
  ANTHROPIC_API_KEY: z.string().startsWith('sk-ant-').optional(),

  // Feature Flags
  NEXT_PUBLIC_ENABLE_AI_FEATURES: z.coerce.boolean().default(true),
  NEXT_PUBLIC_ENABLE_QUANTUM_FEATURES: z.coerce.boolean().default(false),

  // Monitoring
  NEXT_PUBLIC_SENTRY_DSN: z.string().url().optional(),
  NEXT_PUBLIC_GA_ID: z.string().optional(),
});

// Staging-specific overrides
const StagingEnvironmentSchema = BaseEnvironmentSchema.extend({
  NEXT_PUBLIC_ENVIRONMENT: z.literal('staging'),
  // Staging can have optional API keys for testing
  OPENAI_API_KEY: z.string().optional(),
});

// Production-specific requirements (stricter)
const ProductionEnvironmentSchema = BaseEnvironmentSchema.extend({
  NEXT_PUBLIC_ENVIRONMENT: z.literal('production'),
  // Production requires all API keys
  OPENAI_API_KEY: z.string().startsWith('sk-'),
  ANTHROPIC_API_KEY: z.string().startsWith('sk-ant-'),
  STRIPE_SECRET_KEY: z.string().startsWith('sk_live_'),
  // Production requires monitoring
  NEXT_PUBLIC_SENTRY_DSN: z.string().url(),
  NEXT_PUBLIC_GA_ID: z.string().regex(/^G-[A-Z0-9]+$/),
});

export const EnvironmentSchemas = {
  development: BaseEnvironmentSchema,
  staging: StagingEnvironmentSchema,
  production: ProductionEnvironmentSchema,
};
