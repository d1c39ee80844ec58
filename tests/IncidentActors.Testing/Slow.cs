using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IncidentActors.Testing;

/// <summary>
/// The tests of this class or method start processes (servers, a database, a browser) or take seconds: <c>./test --fast</c> leaves them out.
/// </summary>
[TraitDiscoverer(SlowDiscoverer.Type, SlowDiscoverer.Assembly)]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SlowAttribute : Attribute, ITraitAttribute;

/// <summary>A slow test of something that may be missing on this machine: then it is skipped with the reason, and fails where <c>CI=true</c>.</summary>
[TraitDiscoverer(SlowDiscoverer.Type, SlowDiscoverer.Assembly)]
public abstract class SlowFactAttribute : FactAttribute, ITraitAttribute
{
    /// <param name="missing">Gives what is missing, or null.</param>
    protected SlowFactAttribute(Func<string?> missing) => Skip = Lane.Skip(missing);
}

/// <inheritdoc cref="SlowFactAttribute"/>
[TraitDiscoverer(SlowDiscoverer.Type, SlowDiscoverer.Assembly)]
public abstract class SlowTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    /// <inheritdoc cref="SlowFactAttribute(Func{string})"/>
    protected SlowTheoryAttribute(Func<string?> missing) => Skip = Lane.Skip(missing);
}

/// <summary>Gives slow tests the trait by which <c>./test --fast</c> leaves them out.</summary>
public sealed class SlowDiscoverer : ITraitDiscoverer
{
    internal const string Type = "IncidentActors.Testing.SlowDiscoverer";
    internal const string Assembly = "IncidentActors.Testing";

    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) => [new("lane", "slow")];
}
