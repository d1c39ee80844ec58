using System.Collections.Immutable;
using System.Reflection;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Tests.Json;

/// <summary>A value of any type of the domain with every field filled: the first file of a new event is made of it.</summary>
internal static class Samples
{
    public static object Of(Type type, string name = "text")
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner, name);
        if (type == typeof(string)) return name;
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 3;
        if (type == typeof(long)) return 4L;
        if (type == typeof(double)) return 0.5;
        if (type == typeof(decimal)) return 1.5m;
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
        if (type == typeof(DateOnly)) return new DateOnly(2026, 11, 21);
        if (type == typeof(TimeSpan)) return TimeSpan.FromMinutes(5);
        if (type == typeof(HaltScope)) return new HaltScope(HaltScopeKind.Agent, "@dev");
        if (type.IsEnum) return type.GetEnumValues().GetValue(0)!;
        if (type.IsGenericType) return Collection(type, name);
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        var sample = constructor.Invoke([.. parameters.Select(parameter => Of(parameter.ParameterType, parameter.Name!))]);
        var others = type.GetProperties().Where(property => property.CanWrite && parameters.All(known => known.Name != property.Name));
        foreach (var property in others)
            property.SetValue(sample, Of(property.PropertyType, property.Name.ToLowerInvariant()));
        return sample;
    }

    private static object Collection(Type type, string name)
    {
        var of = type.GetGenericArguments();
        if (type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return Call(typeof(ImmutableArray), nameof(ImmutableArray.Create), of, [Of(of[0], name)]);
        if (type.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>))
        {
            var empty = type.GetField("Empty")!.GetValue(null)!;
            return type.GetMethod("Add")!.Invoke(empty, [Of(of[0], "key"), Of(of[1], "value")])!;
        }

        throw new NotSupportedException($"no sample of {type}");
    }

    private static object Call(Type type, string method, Type[] of, object[] arguments) => type
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Single(one => one.Name == method && one.GetParameters() is [{ ParameterType.IsGenericParameter: true }])
        .MakeGenericMethod(of).Invoke(null, arguments)!;
}
