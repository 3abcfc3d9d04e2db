from enum import Enum
from typing import Literal, Optional

from pydantic import BaseModel, Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Level(str, Enum):
    INFO = "INFO"
    DEBUG = "DEBUG"


class Mail(BaseModel):
    host: str
    port: int = Field(587, ge=1, le=65535)
    password: SecretStr


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")

    debug: bool = False
    level: Level = Level.INFO
    stage: Literal["development", "production"]
    api_url: HttpUrl
    secret_key: SecretStr = Field(min_length=32)
    jwt_secret: str = "not-for-anybody-else"
    workers: int = Field(4, ge=1, le=64, description="How many processes serve requests.")
    sample_rate: float = Field(default=0.1, ge=0, le=1)
    region: str = Field(default="eu-west-1", pattern=r"^[a-z]+-[a-z]+-[0-9]$")
    database_url: str = Field(alias="DATABASE_URL")
    sender: Optional[str] = None
    origins: list[str] = []
    mail: Mail

    @field_validator("sender")
    @classmethod
    def not_empty(cls, value):
        return value or None
