using System.Reflection;
using IncidentActors.Behaviour;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Wire;

/// <summary>The names under which silos and clients of different builds find each other's methods: they never change.</summary>
public sealed class WireNamesTests
{
    [BehaviourFact]
    public void The_names_on_the_wire_are_those_of_the_file()
    {
        var types = new[] { typeof(ClusterActors), typeof(SiloHosting) }.SelectMany(type => type.Assembly.GetTypes()).ToList();
        var interfaces = types
            .Where(type => type.IsInterface && type.GetCustomAttribute<AliasAttribute>() is not null)
            .Select(type => $"interface {type.GetCustomAttribute<AliasAttribute>()!.Alias}");
        var methods = types
            .SelectMany(type => type.GetCustomAttributes<CompoundTypeAliasAttribute>())
            .Select(alias => $"method {string.Join(' ', alias.Components.Select(part => part is Type of ? of.Name : part))}");
        var grains = types
            .Select(type => type.GetCustomAttribute<GrainTypeAttribute>())
            .OfType<GrainTypeAttribute>()
            .Select(type => $"grain {type.GetGrainType(null!, null!)}");

        var names = string.Join('\n', interfaces.Concat(grains).Concat(methods).Distinct().Order(StringComparer.Ordinal)) + "\n";

        Golden.Equal("wire-names.txt", names);
    }
}
