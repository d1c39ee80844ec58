using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;

namespace IncidentActors.Silo.Wire;

/// <summary>Core's commands, answers and views travel as the JSON that is also stored: one shape, source-generated, the same for silo and client.</summary>
internal static class CoreSerialization
{
    private const string CoreNamespace = "IncidentActors.Core";

    public static IServiceCollection AddCoreSerialization(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(
            isSerializable: IsOfCore, isCopyable: null, options => options.Configure(codec => codec.SerializerOptions = CoreJson.Views)));
        services.AddSingleton<IGeneralizedCopier, CoreCopier>();
        services.Configure<TypeManifestOptions>(types => types.FieldCodecs.UnionWith(Codecs));
        services.Configure<TypeManifestOptions>(types => types.AddAllowedAssembly(typeof(Outcome).Assembly));
        services.Configure<ExceptionSerializationOptions>(exceptions =>
            exceptions.SupportedNamespacePrefixes.Add(typeof(JournalUnavailableException).Namespace!));
        return services;
    }

    /// <summary>Codecs for parameters and results of grain methods. Other types of Core use the general JSON codec.</summary>
    private static readonly Type[] Codecs =
    [
        typeof(CoreCodec<Call>), typeof(OutcomeCodec),
        typeof(CoreCodec<DeclareIncident>), typeof(CoreCodec<JoinAlerts>), typeof(CoreCodec<KnowledgeCommand>),
        typeof(CoreCodec<ICommand>), typeof(CoreCodec<Subject>),
        typeof(CoreCodec<IncidentCommand>), typeof(CoreCodec<IncidentView>),
        typeof(CoreCodec<AtpCommand>), typeof(CoreCodec<AtpView>),
        typeof(CoreCodec<AgentCommand>), typeof(CoreCodec<AgentView>), typeof(CoreCodec<InboxAnswer>), typeof(CoreCodec<InboxNews>),
        typeof(CoreCodec<HaltCommand>), typeof(CoreCodec<HaltView>), typeof(CoreCodec<HaltRecord>), typeof(CoreCodec<NodeConfirmation>),
        typeof(CoreCodec<PermitCommand>), typeof(CoreCodec<PermitView>),
    ];

    public static bool IsOfCore(Type type) => type.Namespace is { } name && name.StartsWith(CoreNamespace, StringComparison.Ordinal);
}
