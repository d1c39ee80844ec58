using IncidentActors.Core.Halts;

namespace IncidentActors.Server.Pages.Parts;

/// <summary>A halt's scope in words.</summary>
public static class ScopeText
{
    public static string Of(HaltScope scope) => scope.Kind switch
    {
        HaltScopeKind.All => "all work",
        HaltScopeKind.Team => $"team {scope.Value}",
        HaltScopeKind.Agent => scope.Value,
        _ => scope.Value,
    };
}
