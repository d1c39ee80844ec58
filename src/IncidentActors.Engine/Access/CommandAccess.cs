using System.Collections.Immutable;

namespace IncidentActors.Engine.Access;

/// <summary>Who may send a command, and what the command touches. A command without one is for administrators only.</summary>
/// <param name="Roles">Roles of which the caller needs one; <see cref="Core.Agents.Roles.Any"/>: every role, and the domain decides further.</param>
/// <param name="Touches">What the command changes, computed from its arguments.</param>
public sealed record CommandAccess(ImmutableArray<string> Roles, Func<object, IEnumerable<Touched>> Touches)
{
    /// <summary>For every role; changes nothing that belongs to somebody else than the caller.</summary>
    public static readonly CommandAccess Own = new([Core.Agents.Roles.Any], static _ => []);

    /// <summary>For every role.</summary>
    public static CommandAccess To<T>(Func<T, IEnumerable<Touched>> touches)
        where T : class => new([Core.Agents.Roles.Any], arguments => touches((T)arguments));
}
