using IncidentActors.Core.Halts;

namespace IncidentActors.Server.Pages.Parts;

/// <summary>A halt's scope in words.</summary>
public static class ScopeText
{
    public static string Of(HaltScope scope) => scope.IsAll ? "all work" : string.Join(" and ", scope.Parts.Select(Of));

    private static string Of(HaltScopePart part) => part.Kind switch
    {
        HaltScopeKind.Agent or HaltScopeKind.Atp => part.Value,
        _ => $"{part.Kind.ToString().ToLowerInvariant()} {part.Value}",
    };
}
