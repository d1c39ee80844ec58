using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Json;

/// <summary>Events by their literal names, to and from UTF-8 JSON. An unknown name fails loudly.</summary>
public static class EventTypes
{
    private static readonly FrozenDictionary<string, Type> ByName = typeof(IEvent).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IEvent).IsAssignableFrom(type) && type != typeof(UnknownEvent))
        .ToFrozenDictionary(NameOfType);

    private static readonly FrozenDictionary<Type, string> ByType = ByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static string NameOf(IEvent one) => NameOf(one.GetType());

    public static string NameOf(Type type) => ByType[type];

    public static byte[] Write(IEvent one) => JsonSerializer.SerializeToUtf8Bytes(one, Info(one.GetType()));

    /// <exception cref="UnknownEventException">No event of that name and version is known to this program.</exception>
    /// <exception cref="JsonException">The payload does not have the shape of that version.</exception>
    public static IEvent Read(string name, ReadOnlySpan<byte> payload) =>
        ByName.TryGetValue(name, out var type)
            ? (IEvent)(JsonSerializer.Deserialize(payload, Info(type)) ?? throw new JsonException($"the payload of a {name} is null"))
            : throw new UnknownEventException(name);

    /// <summary>For readers that decide nothing: an event of a newer program is an <see cref="UnknownEvent"/> and does not stop them.</summary>
    public static IEvent ReadAny(string name, ReadOnlySpan<byte> payload)
    {
        try
        {
            return Read(name, payload);
        }
        catch (Exception error) when (error is UnknownEventException or JsonException)
        {
            return new UnknownEvent(name);
        }
    }

    public static Type TypeOf(string name) => ByName.TryGetValue(name, out var type) ? type : throw new UnknownEventException(name);

    private static JsonTypeInfo Info(Type type) => CoreJson.Options.GetTypeInfo(type);

    private static string NameOfType(Type type) =>
        type.GetCustomAttribute<EventNameAttribute>()?.Name ?? throw new InvalidOperationException($"{type.Name} has no [EventName]");
}

/// <summary>An event that a newer program wrote: known by its name only. Never written.</summary>
public sealed record UnknownEvent(string Name) : IEvent;

/// <summary>The journal holds an event that this program does not know: it was written by a newer one.</summary>
public sealed class UnknownEventException(string name)
    : Exception($"The journal holds the event '{name}', which this version does not know. Start the version that wrote it, or a newer one.");
