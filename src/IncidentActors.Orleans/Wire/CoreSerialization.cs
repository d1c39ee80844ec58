using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;

namespace IncidentActors.Orleans.Wire;

/// <summary>Core's commands, answers and views travel as the JSON that is also stored: one shape, source-generated, the same for silo and client.</summary>
internal static class CoreSerialization
{
    private const string CoreNamespace = "IncidentActors.Core";

    public static IServiceCollection AddCoreSerialization(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(
            isSerializable: IsOfCore, isCopyable: null, options => options.Configure(codec => codec.SerializerOptions = CoreJson.Views)));
        services.AddSingleton<IGeneralizedCopier, CoreCopier>();
        services.Configure<TypeManifestOptions>(types => types.AddAllowedAssembly(typeof(Outcome).Assembly));
        services.Configure<TypeManifestOptions>(types => types.AddAllowedAssembly(typeof(JournalUnavailableException).Assembly));
        services.Configure<ExceptionSerializationOptions>(exceptions =>
            exceptions.SupportedNamespacePrefixes.Add(typeof(JournalUnavailableException).Namespace!));
        return services;
    }

    public static bool IsOfCore(Type type) => type.Namespace is { } name && name.StartsWith(CoreNamespace, StringComparison.Ordinal);
}
