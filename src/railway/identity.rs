//! What a token is good for: which project and environment, or whose workspaces.

use serde::Deserialize;

use super::api::{Api, ApiError, Aside};
use super::token::{Kind, Token};

/// Of a project token.
const PROJECT: &str =
    "query { projectToken { projectId environmentId project { name } environment { name } } }";
/// Of a person's token. A workspace's has nobody.
const ACCOUNT: &str = "query { me { workspaces { name } } }";
/// Of a workspace's token.
const WORKSPACE: &str = "query { apiToken { workspaces { name } } }";

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// One environment of one project.
    Project {
        /// The project's name.
        project: String,
        /// The environment's name.
        environment: String,
    },
    /// All that a person has.
    Account {
        /// The workspaces' names.
        workspaces: Vec<String>,
    },
    /// All that a workspace has.
    Workspace {
        /// The workspaces' names.
        workspaces: Vec<String>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfProject {
    project_token: ProjectToken,
}

#[derive(Deserialize)]
struct ProjectToken {
    project: Named,
    environment: Named,
}

#[derive(Deserialize)]
struct OfAccount {
    me: Workspaces,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfWorkspace {
    api_token: Workspaces,
}

#[derive(Deserialize)]
struct Workspaces {
    workspaces: Vec<Named>,
}

impl Workspaces {
    fn names(self) -> Vec<String> {
        self.workspaces
            .into_iter()
            .map(|named| named.name)
            .collect()
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Asks Railway what a token is good for.
pub fn identify(api: &Api<'_>, token: &Token) -> (Result<Identity, ApiError>, Aside) {
    if token.kind == Kind::Project {
        let (answer, aside) = api.ask::<OfProject>(token, PROJECT);
        let identity = answer.map(|answer| Identity::Project {
            project: answer.project_token.project.name,
            environment: answer.project_token.environment.name,
        });
        return (identity, aside);
    }
    let (answer, aside) = api.ask::<OfAccount>(token, ACCOUNT);
    match answer {
        Ok(answer) => {
            let workspaces = answer.me.names();
            (Ok(Identity::Account { workspaces }), aside)
        }
        Err(ApiError::Refused(why)) => {
            let (answer, aside) = api.ask::<OfWorkspace>(token, WORKSPACE);
            let identity = match answer {
                Ok(answer) => Ok(Identity::Workspace {
                    workspaces: answer.api_token.names(),
                }),
                // The first refusal says more of the token than the second.
                Err(ApiError::Refused(_)) => Err(ApiError::Refused(why)),
                Err(error) => Err(error),
            };
            (identity, aside)
        }
        Err(error) => (Err(error), aside),
    }
}
